//! Images that cannot be read, and attributes of images that do nothing.

use crate::check::lint::{Check, CheckedPage, Findings, Lint};
use crate::diagnostic::{Diagnostic, Level, Rule, RuleKind, nearest};
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

static IMAGE_ATTRIBUTE_RULE: Rule = Rule {
    id: "image-attribute",
    kind: RuleKind::Editorial,
    level: Level::Warning,
    explanation: "An image has an attribute that galen does not know, or one whose value cannot \
        be meant, so that it does nothing.",
};

/// Attributes of images that do nothing.
pub(super) static IMAGE_ATTRIBUTE: Lint =
    Lint { rule: &IMAGE_ATTRIBUTE_RULE, check: Check::Page(image_attribute) };

/// The attributes of an image in Markdown, beside an id and classes.
const ATTRIBUTES: &[&str] = &["width", "height", "loading", "decorative"];

fn image_attribute(checked: &CheckedPage<'_>, findings: &mut Findings) {
    for text in checked.linked_texts() {
        // What raw HTML says is HTML's to judge.
        let images = text.body.images.iter().filter(|image| image.html.is_none());
        for pair in images.flat_map(|image| &image.attributes.pairs) {
            let (name, value) = (&*pair.name, &*pair.value);
            let wanted = match name {
                "width" | "height" if value.parse::<u32>().is_err() => "a whole number of pixels",
                "loading" if !matches!(value, "lazy" | "eager") => "`lazy` or `eager`",
                name if ATTRIBUTES.contains(&name) => continue,
                _ => "",
            };
            let message = match wanted {
                "" => format!("an image has no attribute `{name}`"),
                wanted => format!("`{name}` must be {wanted}, not `{value}`"),
            };
            let near = nearest(name, ATTRIBUTES.iter().copied()).filter(|_| wanted.is_empty());
            let span = checked.text_span(text.field, pair.range.clone(), name);
            let found = Diagnostic::new(&IMAGE_ATTRIBUTE_RULE, span, message);
            findings.report(match wanted.is_empty() && near.is_none() {
                true => found.with_help(format!("known are {}", ATTRIBUTES.join(", "))),
                false => found.with_suggestion(near),
            });
        }
    }
}

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

#[cfg(test)]
mod tests {
    use crate::check::fixture::TestSite;

    #[test]
    fn an_image_has_the_attributes_that_do_something() {
        let found = |attributes: &str| {
            let text = format!("---\ntitle: X\n---\n![A](/a.png){{{attributes}}}\n");
            let site = TestSite::new("").file("static/a.png").page("articles/x.md", &text);
            site.findings("image-attribute")
        };
        assert_eq!(found("#a .wide width=400 height=300 loading=eager decorative"), [""; 0]);
        for (attributes, problem) in [
            ("wdth=400", "an image has no attribute `wdth` | did you mean `width`?"),
            (
                "title=A",
                "an image has no attribute `title` \
                    | known are width, height, loading, decorative",
            ),
            ("width=50%", "`width` must be a whole number of pixels, not `50%`"),
            ("loading=now", "`loading` must be `lazy` or `eager`, not `now`"),
        ] {
            assert_eq!(found(attributes), [format!("articles/x.md:4:14 {problem}")]);
        }
    }
}
