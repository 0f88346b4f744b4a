"""The module in a real Jupyter kernel."""

import os
import tempfile
import unittest

import nbclient
import nbformat


class NotebookTests(unittest.TestCase):
    def test_a_report_shows_itself(self):
        cells = [
            "import reportgen",
            'report = reportgen.build("demo-french", cache=False)',
            "report",
            'reportgen.build("absent.yml")',
        ]
        notebook = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        with tempfile.TemporaryDirectory() as folder:
            client = nbclient.NotebookClient(
                notebook, timeout=600, allow_errors=True,
                resources={"metadata": {"path": folder}})
            client.execute()
            kept = os.environ.get("KEEP_NOTEBOOK")
            if kept:
                nbformat.write(notebook, kept)
        _, built, shown, failed = [cell.outputs for cell in notebook.cells]

        # The bar was drawn in place, and has gone.
        data = [output for output in built if output.output_type == "display_data"]
        self.assertEqual(len(data), 1)
        self.assertEqual(data[0].data["text/html"], "")
        self.assertFalse([output for output in built if output.output_type == "error"])

        page = shown[0].data["text/html"]
        self.assertTrue(page.startswith('<img alt="'))
        self.assertIn("<iframe sandbox title=", page)
        self.assertIn("&lt;!doctype html&gt;", page)

        self.assertEqual(failed[-1].ename, "ReportgenError")
        self.assertIn("absent.yml: expected a study file", failed[-1].evalue)


if __name__ == "__main__":
    unittest.main()
