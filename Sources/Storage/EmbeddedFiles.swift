import CEmbedded

extension Folder {
  /// The files that are compiled into the program: `cluster/`, `demo/`, `corpora/`,
  /// `studies/`, `templates/`.
  ///
  /// No other code uses `CEmbedded`.
  package static let embedded: Folder = {
    var files: [String: FileBytes] = [:]
    var index = 0
    while case let file = embedded_file_at(index), let path = file.path {
      let name = String(cString: path)
      let bytes = UnsafeRawBufferPointer(start: file.bytes, count: file.count)
      files[name] = FileBytes(embedded: bytes, name: "builtin:" + name)
      index += 1
    }
    return Folder(name: "builtin:", files: files)
  }()
}
