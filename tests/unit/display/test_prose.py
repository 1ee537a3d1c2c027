from hdrkit.display import prose


def test_a_false_sentence_is_shown_and_listed(tmp_path, capsys):
    text = prose.Prose(tmp_path, "06_training")
    text.claim("Two is more than one.", 2 > 1)
    assert capsys.readouterr().out == "" and prose.false_sentences(tmp_path) == []
    text.claim("One is more than two.", 1 > 2)
    assert prose.false_sentences(tmp_path) == ["06_training: One is more than two."]


def test_a_notebook_that_starts_again_forgets(tmp_path):
    prose.Prose(tmp_path, "01_a").claim("No.", False)
    prose.Prose(tmp_path, "02_b").claim("Neither.", False)
    again = prose.Prose(tmp_path, "01_a")
    assert prose.false_sentences(tmp_path) == ["02_b: Neither."]
    again.claim("No.", False)
    again.claim("No.", True)  # a cell that was run twice
    assert prose.false_sentences(tmp_path) == ["02_b: Neither."]
