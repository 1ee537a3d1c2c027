from hdrkit.display import prose


def test_a_false_sentence_is_shown_and_listed(tmp_path, capsys):
    text = prose.Prose(tmp_path, "06_training")
    text.claim("Two is more than one.", 2 > 1)
    assert capsys.readouterr().out == "" and prose.false_sentences(tmp_path, {}) == []
    text.claim("One is more than two.", 1 > 2)
    assert prose.false_sentences(tmp_path, {}) == ["06_training: One is more than two."]


def test_a_notebook_that_starts_again_forgets(tmp_path):
    prose.Prose(tmp_path, "01_a").claim("No.", False)
    prose.Prose(tmp_path, "02_b").claim("Neither.", False)
    again = prose.Prose(tmp_path, "01_a")
    assert prose.false_sentences(tmp_path, {}) == ["02_b: Neither."]
    again.claim("No.", False)
    again.claim("No.", True)  # a cell that was run twice
    assert prose.false_sentences(tmp_path, {}) == ["02_b: Neither."]


def test_a_sentence_that_holds_and_stands_for_another_verdict_than_the_ledgers_is_listed(tmp_path):
    text = prose.Prose(tmp_path, "02_registration")
    text.claim("It is close.", True, ecc="reproduced", misaligned="not testable here")
    text.claim("It is far.", False, ecc="not reproduced")
    agreed = {"ecc": "reproduced", "misaligned": "not testable here"}
    assert prose.false_sentences(tmp_path, agreed) == ["02_registration: It is far."]
    wrong, gone, _ = prose.false_sentences(tmp_path, {"ecc": "no difference seen"})
    assert wrong == (
        "02_registration: It is close. (which stands for “reproduced”; the ledger's row `ecc`: “no difference seen”)"
    )
    assert gone.endswith("`misaligned`: “none”)")
