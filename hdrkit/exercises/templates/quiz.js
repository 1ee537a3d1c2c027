{
  const frame = document.currentScript.previousElementSibling;
  frame.querySelector(".hdrkit-quiz-plain").remove();
  for (const { firstChild: question, children: [, answers, feedback] } of frame.querySelectorAll(".Quiz")) {
    answers.setAttribute("role", "group");
    answers.setAttribute("aria-labelledby", question.id);
    feedback.setAttribute("role", "status");
  }
  // Among radio buttons the arrow keys choose, so that one could not read on without an answer. Buttons are reached by
  // Tab, each of them. Their names are not seen: the label's text stands above.
  for (const choice of frame.querySelectorAll(".MCButton input")) {
    choice.type = "button";
    choice.value = choice.labels[0].textContent;
  }
}
