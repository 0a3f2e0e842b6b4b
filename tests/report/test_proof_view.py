import pytest

from tests.report import samples
from vidaudit.model.proof import FolderProof, Proof, ProofCode, ProofOutcome, Remark
from vidaudit.report.messages import catalogue
from vidaudit.report.proof_view import proof_document, proof_lines

PROOF = Proof(
    folders=(
        FolderProof(
            folder="", remarks=(Remark(code=ProofCode.UNSIGNED), Remark(code=ProofCode.DISC_UNREADABLE, path="a.iso"))
        ),
        FolderProof(
            folder=f"班{samples.FULL_ID}",
            remarks=(Remark(code=ProofCode.OUTPUT_CHANGED, path="report\x1b[2J.html"),),
            created="2024-06-03T09:30:00+08:00",
            tool_version="0.1.0",
            profile_id="huguan-2024",
            public_key=samples.SHA,
            is_signature_good=True,
        ),
    )
)


def test_lines_tell_the_folder_its_making_and_every_remark() -> None:
    lines = list(proof_lines(PROOF, "en"))
    assert lines == [
        "Summary of the run: Not everything could be checked",
        "  · Not signed: whoever can write here could have changed all of it",
        "  ? Can't be read: a.iso",
        "班1404************34: Differs from what is stated",
        "  made 3 Jun 2024 09:30 by vidaudit 0.1.0, profile huguan-2024",
        "  signed by the key 0123456789abcdef",
        "  ! Changed since it was written: report\\x1b[2J.html",
        "Differs from what is stated",
    ]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("code", ProofCode)
def test_every_code_has_words(lang: str, code: ProofCode) -> None:
    assert catalogue(lang).ui(f"proof_{code}") != f"proof_{code}"


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("outcome", ProofOutcome)
def test_every_outcome_has_words(lang: str, outcome: ProofOutcome) -> None:
    assert catalogue(lang).ui(f"proof_outcome_{outcome}") != f"proof_outcome_{outcome}"


def test_a_made_up_date_is_only_shown() -> None:
    odd = FolderProof(folder="班", remarks=(), created="yesterday", tool_version="0.1.0", profile_id="x")
    assert "yesterday" in list(proof_lines(Proof(folders=(odd,)), "en"))[1]


def test_the_document_has_the_same_for_programs() -> None:
    document = proof_document(PROOF)
    assert (document["schema"], document["outcome"]) == ("vidaudit.proof/1", "different")
    run, report = document["folders"]
    assert (run["folder"], run["outcome"], run["signature"]) == (None, "open", {"public_key": None, "good": None})
    assert report["folder"] == "班1404************34"
    assert report["remarks"] == [
        {"code": "output-changed", "weight": "different", "path": "report\x1b[2J.html", "detail": None}
    ]


def test_no_folder_at_all_is_as_stated() -> None:
    assert Proof(folders=()).outcome is ProofOutcome.AS_STATED
