"""Find out what is wrong with an installation, and say how to mend it.

Everything that can crash or hang (Qt, torch, compiled kernels) is tried in a process of its own, so
that the report comes whatever the state of the machine. The same processes keep this one free of
Qt and torch.
"""

from spn_annotator.doctor.checks import Check, State, diagnose
from spn_annotator.doctor.report import exit_status, print_report

__all__ = ["Check", "State", "diagnose", "exit_status", "print_report"]
