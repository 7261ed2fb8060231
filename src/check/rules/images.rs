//! Images that cannot be read.

use crate::check::lint::{Check, CheckedPage, Findings, Lint};
use crate::diagnostic::{Diagnostic, Level, Rule, RuleKind};
use crate::resolve::ImageTarget;
use crate::source::Span;

static IMAGE_BROKEN_RULE: Rule = Rule {
    id: "image-broken",
    kind: RuleKind::Editorial,
    level: Level::Error,
    explanation: "The file of an image is damaged, is no image, or is too large to be made \
        smaller, so that readers may see nothing or wait for long. It is published as it is.",
};

/// Images whose file cannot be read.
pub(super) static IMAGE_BROKEN: Lint =
    Lint { rule: &IMAGE_BROKEN_RULE, check: Check::Page(image_broken) };

fn image_broken(checked: &CheckedPage<'_>, findings: &mut Findings) {
    let mut judge = |target: &ImageTarget, src: &str, place: &dyn Fn() -> Span| {
        let ImageTarget::File { source, .. } = target else { return };
        let problem = checked.reader.image(source).and_then(|image| image.problem.as_ref());
        let Some(problem) = problem else { return };
        let message = format!("the image `{src}` cannot be made smaller: {problem}");
        findings.report(
            Diagnostic::new(&IMAGE_BROKEN_RULE, place(), message)
                .with_help(format!("look at `{source}`, and save it anew")),
        );
    };
    for text in checked.linked_texts() {
        for (image, target) in text.body.images.iter().zip(text.images) {
            let place = || checked.text_span(text.field, image.range.clone(), &image.src);
            judge(target, &image.src, &place);
        }
    }
    if let Some((image, target)) =
        checked.page.front.image.as_ref().zip(checked.linked.image.as_ref())
    {
        judge(target, &image.src, &|| checked.image_span().0);
    }
}
