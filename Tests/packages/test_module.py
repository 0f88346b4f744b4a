"""The Python module against the command that it runs."""

import contextlib
import importlib.util
import io
import json
import os
import pathlib
import tempfile
import unittest

import reportgen

HAS_PANDAS = importlib.util.find_spec("pandas") is not None
DEMO = {
    "title": "Made of a dict",
    "slug": "dict",
    "model": "builtin:demo",
    "corpora": [{"name": "A", "path": "a.jsonl"}, {"name": "B", "path": "b.jsonl"}],
    "target": "A",
    "layer": 3,
    "neuron": "auto",
    "documents": 20,
    "probe": {"documents": 20, "k": 3, "candidates": 4, "splits": 2},
    "evidence": {
        name: "off" for name in (
            "probe_sweep", "ablation_controls", "comparison", "effects", "neuron_logits", "upstream",
            "position_response")
    },
}


class ModuleTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        before = os.getcwd()
        os.chdir(folder.name)
        self.addCleanup(os.chdir, before)

    def corpora(self):
        rows = [{"body": f"de man {i} loopt naar het huis van de buren", "n": i} for i in range(60)]
        first = reportgen.corpus(
            rows, "a.jsonl", name="A", text="body", where=lambda row: row["n"] % 2 == 0, documents=20)
        second = reportgen.corpus(
            ({"text": f"the man {i} walks to the house of his neighbours"} for i in range(20)),
            "b.jsonl", name="B")
        return first, second

    def test_a_dict_is_built(self):
        first, second = self.corpora()
        self.assertEqual(first, {"name": "A", "path": "a.jsonl"})
        self.assertEqual(len(pathlib.Path("a.jsonl").read_text().splitlines()), 20)
        lines = io.StringIO()
        with contextlib.redirect_stderr(lines):
            report = reportgen.build(DEMO | {"corpora": [first, second]}, cache=False)
        self.assertIn("100%", lines.getvalue())
        self.assertEqual(report.study["title"], "Made of a dict")
        self.assertGreater(report.findings["sparse_probe"]["test_accuracy"], 0.5)
        self.assertEqual(
            report.findings, json.loads((report.path / "findings.json").read_text())["findings"])
        self.assertTrue(report.check())
        left = [name for name in os.listdir(".") if name.startswith(".")]
        self.assertEqual(left, [])

    def test_no_row_is_read_that_is_not_needed(self):
        rows = ({"text": f"row {i}"} for i in range(5))
        reportgen.corpus(rows, "c.jsonl", documents=3)
        self.assertEqual(next(rows), {"text": "row 3"})

    def test_another_model_may_stand_in(self):
        self.corpora()
        with self.assertRaises(reportgen.ReportgenError) as caught:
            reportgen.build(DEMO, model="absent", progress=False)
        self.assertIn("absent", caught.exception.file + caught.exception.found)

    def test_tables_and_pages(self):
        self.corpora()
        report = reportgen.build(DEMO, progress=False)
        self.assertIn("sparse-probe", report.tables)
        table = report.table("sparse_probe")
        if HAS_PANDAS:
            self.assertEqual(len(table), 3)
            self.assertEqual(table.columns[0], "rank")
        else:
            self.assertEqual(table[0][0], "rank")
            self.assertEqual([row[0] for row in table[1:]], [1, 2, 3])
        before = {p: p.read_bytes() for p in report.path.parents[1].rglob("*") if p.is_file()}
        shown = report._repr_html_()
        self.assertLess(shown.index("<img"), shown.index("<iframe sandbox title="))
        self.assertNotIn("<script", shown)
        after = {p: p.read_bytes() for p in report.path.parents[1].rglob("*") if p.is_file()}
        self.assertEqual(before, after)
        with self.assertRaises(reportgen.ReportgenError) as caught:
            report.table("absent")
        self.assertIn("sparse-probe", caught.exception.expected)

    def test_what_is_wrong_is_raised_with_its_place(self):
        self.corpora()
        with self.assertRaises(reportgen.ReportgenError) as caught:
            reportgen.build(DEMO | {"layer": "three"}, progress=False)
        error = caught.exception
        self.assertEqual(error.exit_code, 2)
        self.assertIn("layer", error.field)
        self.assertIn("auto", error.expected)
        self.assertIn("three", error.found)
        with self.assertRaises(reportgen.ReportgenError) as caught:
            reportgen.build("absent.yml", progress=False)
        self.assertEqual(caught.exception.file, "absent.yml")
        with self.assertRaises(reportgen.ReportgenError) as caught:
            reportgen.Report("absent")
        self.assertEqual(caught.exception.field, "findings.json")

    def test_a_data_set_that_is_none_is_refused(self):
        cases = [
            (({"train": []}, "a.jsonl"), {}, "train"), (([{"body": "x"}], "a.jsonl"), {}, "no such field"),
            (([{"text": 3}], "a.jsonl"), {}, "int"), (([], "a.jsonl"), {}, "none"),
            (([{"text": "x"}], "a.txt"), {}, "a.txt"),
        ]
        for arguments, options, found in cases:
            with self.subTest(found), self.assertRaises(reportgen.ReportgenError) as caught:
                reportgen.corpus(*arguments, **options)
            self.assertIn(found, caught.exception.found)
            self.assertEqual(os.listdir("."), [])

    def test_unusual_text_passes_through_yaml(self):
        self.corpora()
        title = "x: # \"y\" 'z' é \u2028 \U0001F600"
        with self.assertRaises(reportgen.ReportgenError) as caught:
            reportgen.build(DEMO | {"title": title}, progress=False)
        self.assertIn("title", caught.exception.field)
        self.assertIn("line", caught.exception.expected)
        title = title.replace("\u2028", "")
        report = reportgen.build(DEMO | {"title": title}, progress=False)
        self.assertEqual(report.study["title"], title)


if __name__ == "__main__":
    unittest.main()
