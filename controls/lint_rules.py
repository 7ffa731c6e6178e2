"""The rules that files of a catalogue keep, each with an id by which a broken one is named and looked up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from auditor.model.problem import Path, Problem

RULES: Mapping[str, str] = {
    # Every file
    "yaml": "A file is strict YAML: no tabs, anchors, tags, duplicate keys or hidden characters.",
    "filled-in": "Nothing of a skeleton is left to be filled in.",
    "shape": "Every key is known, present and of its type.",
    "key-order": "Keys stand in the order of the format.",
    "file-place": "A file stands where files are read: checks/<area>/, frameworks/, not-automated*.yaml.",
    "text-present": "No text is blank.",
    "text-translated": "A text is not the same in both languages.",
    # What a check is called
    "file-name": "A file of a check is named by its id.",
    "id-form": "An id is area-object-state, in words of small letters and digits.",
    "id-local": "Ids of local checks begin with local-, those of shipped checks do not.",
    "id-unique": "An id names one thing: one check, or one question that no check decides.",
    # What a check says about controls
    "control-exists": "A check names controls that its edition has.",
    "control-once": "A check names a control once in an edition.",
    "control-named": "A check names at least one control of each edition.",
    "control-judgeable": "A check implements no control that only people can attest.",
    # How a check asks
    "expression": "Both expressions compile, ask existing facts and give true or false.",
    "fact-visible": "A check asks and shows only what is observed about its kind of subject.",
    "fact-measured": "A check asks at least one measured fact, not the inventory alone.",
    "parameter-name": "The name of a parameter is of small letters, digits and underscores.",
    "parameter-kind": "A parameter is a number, text, true or false, or a list; its limit too.",
    "parameter-used": "An expression asks every parameter.",
    "parameter-default": "No default is looser than the control tolerates.",
    # What a check shows and advises
    "placeholder": "A placeholder in observed and expected is a known fact or a parameter.",
    "placeholder-form": "Braces in observed and expected stand around one dotted name.",
    "placeholder-same": "Both languages show the same placeholders.",
    "reference-present": "Every reference names its source.",
    "remedy-software": "A remedy is for software that can be recognised, or for system or any.",
    "remedy-once": "There is one remedy for one software.",
    "remedy-verify": "A remedy has a command to verify it, with known placeholders.",
    "effort-believable": "The effort is at most 80 hours.",
    # Examples of a check
    "example-present": "There is an example that passes and one that fails, or a written reason.",
    "example-reason": "A reason for a missing example is a sentence, and stands only where there is none.",
    "example-fact": "An example gives existing facts, with values of their types.",
    "example-verdict": "An example gives the verdict under which it stands.",
    # Editions
    "edition-complete": "An edition has each of its controls once, in order.",
    "edition-group": "A control stands in the group of its number, and every group has controls.",
    "question-asked": "The question about a control is one: words with a question mark behind them.",
    "papers-named": "The papers usually asked for are named.",
    "kami-known": "Questions of Indeks KAMI exist and are named once, in order.",
    "control-implemented": "A technical or partial control has an implementing check, or says why not.",
    "no-check-needed": "Only a technical or partial control without implementing check says why.",
    # Crosswalk
    "crosswalk-known": "The crosswalk names controls that exist, each once in a place.",
    "crosswalk-complete": "Every control of 2013 goes somewhere; every one of 2022 comes from it or is new.",
    "crosswalk-new": "A new control is named once, and carries on none of 2013.",
}
"""Id → what the rule demands."""


class Broken(NamedTuple):
    """A broken rule: where in the tree of the file, and what to do."""

    rule: str
    path: Path
    message: str
    key: bool = False


@dataclass(frozen=True, slots=True)
class LintProblem:
    """A broken rule at its place in a file."""

    rule: str
    where: Problem

    def located(self) -> Problem:
        """Return the problem with the rule's id in its message."""
        one = self.where
        return Problem(one.file, one.line, one.column, f"{one.message} ({self.rule})")
