"""Studies of neurons, from Python and notebooks.

    import reportgen

    report = reportgen.build("my-study.yml")     # or a dict with the same keys
    report.findings["probe_sweep"]["studied"]    # every number of the report
    report.table("probe-sweep-layers")           # a figure's data, as pandas where that is installed
    report                                       # in a notebook: the claim card and the report

The work is done by the command `reportgen`, which comes with this package; nothing here computes.
"""

from ._corpus import corpus
from ._errors import Problem, ReportgenError
from ._report import Report, build
from ._run import program

__all__ = ["Problem", "Report", "ReportgenError", "build", "corpus", "program"]
