print("reportgen")
