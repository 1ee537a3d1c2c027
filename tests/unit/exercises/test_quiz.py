"""The quizzes: what each file holds, and what a notebook shows of it."""

import re
from html.parser import HTMLParser

import pytest
from IPython.core.interactiveshell import InteractiveShell

from hdrkit.core.errors import HdrkitError
from hdrkit.exercises import quiz
from hdrkit.exercises.quiz import _as_html, numbers, read

VOID = {"img", "br", "input"}


@pytest.fixture
def shell():
    yield InteractiveShell.instance()
    InteractiveShell.clear_instance()


@pytest.fixture
def shown(shell):
    return quiz("06").data


class Nesting(HTMLParser):
    """Whether each element is closed, and the text outside of scripts and styles."""

    def __init__(self, html):
        super().__init__()
        self.open, self.text = [], []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if not {"script", "style"} & set(self.open):
            self.text.append(" ".join(data.split()))


@pytest.mark.parametrize("number", numbers())
def test_each_quiz_has_a_few_questions_with_one_right_answer_and_a_word_on_each(number):
    questions = read(number)
    assert 4 <= len(questions) <= 6
    assert len({question["question"] for question in questions}) == len(questions)
    for question in questions:
        assert set(question) == {"question", "type", "answers"} and question["type"] == "multiple_choice"
        answers = question["answers"]
        assert all(set(answer) == {"answer", "correct", "feedback"} for answer in answers), question["question"]
        assert 3 <= len(answers) <= 4 and [answer["correct"] for answer in answers].count(True) == 1
        for part in ("answer", "feedback"):
            assert len({answer[part] for answer in answers}) == len(answers)
        for text in (question["question"], *(answer[part] for answer in answers for part in ("answer", "feedback"))):
            assert text == " ".join(text.split()) != "", text
            assert not re.search(r"[$\\`]|\]\(|</?\w", text), f"not plain: {text}"  # formulas, code, links, HTML


def test_there_is_no_quiz_of_another_number():
    for number in ("99", "6", 6, None):
        with pytest.raises(HdrkitError, match=r"there is no quiz .*; there are .*06"):
            quiz(number)


def test_without_scripts_all_questions_and_answers_stand_there(shown):
    text = Nesting(shown).text
    for question in read("06"):
        assert question["question"] in text
        for answer in question["answers"]:
            mark = "✓" if answer["correct"] else "✗"
            assert answer["answer"] in text and f"{mark} {answer['feedback']}" in text


def test_it_closes_what_it_opens_and_its_scripts_are_kept_on_pages(shown):
    assert Nesting(shown).open == []
    assert re.findall(r"<script\b([^>]*)>", shown) == [" data-hdrkit"]


def test_what_looks_like_html_is_text_to_the_library():
    assert _as_html([{"answer": 'a < b & "c"', "correct": True}]) == [{"answer": 'a &lt; b &amp; "c"', "correct": True}]
