use crate::source::Source;

use super::*;

/// A site in memory that is built again and again.
#[derive(Default)]
struct TestSite {
    inputs: Inputs,
    pipeline: Pipeline,
}

impl TestSite {
    fn with(mut self, files: &[(&str, &str)]) -> Self {
        for (path, text) in files {
            let id = SourceId::new(*path);
            self.inputs.sources.insert(id.clone(), Source::new(id, text));
        }
        self
    }

    fn build(&mut self) -> Build {
        let options = BuildOptions::on("2026-11-23".parse().unwrap());
        self.pipeline.build(&InMemory, &self.inputs, &options)
    }

    /// Returns what is structurally wrong, each as `FILE: message`, with its help after `|`.
    fn errors(&mut self) -> Vec<String> {
        let found = self.build().diagnostics;
        let errors = found.iter().filter(|finding| finding.is_structural_error());
        let line = |found: &Arc<Diagnostic>| {
            let help: String = found.help.iter().map(|help| format!(" | {help}")).collect();
            format!("{}: {}{help}", found.source(), found.message)
        };
        errors.map(line).collect()
    }
}

#[test]
fn of_two_files_that_make_one_page_neither_goes_unsaid() {
    let page = "---\ntitle: A\n---\n";
    let twins = [
        ["content/a.md", "content/a/index.md"],
        ["content/x.en.md", "content/x.md"],
        ["content/x.fr.md", "content/x/index.fr.md"],
    ];
    for [one, other] in twins {
        let book = ("book.toml", "[languages.fr]\n");
        let mut site = TestSite::default().with(&[book, (one, page), (other, page)]);
        let name = if one.contains('x') { "x" } else { "a" };
        assert_eq!(
            site.errors(),
            [format!(
                "{other}: `{one}` and `{other}` both make the page `{name}` \
                    | rename or delete one of them: only one can be published"
            )]
        );
        for gone in [one, other] {
            let source = site.inputs.sources.remove(&SourceId::new(gone)).unwrap();
            assert_eq!(site.errors(), [""; 0], "the other file makes the page");
            site.inputs.sources.insert(source.id.clone(), source);
            assert_eq!(site.errors().len(), 1);
        }
    }
    let draft = ("content/a/index.md", "---\ntitle: A\ndraft: true\n---\n");
    let files = [("book.toml", ""), ("content/a.md", page), draft];
    assert_eq!(TestSite::default().with(&files).errors(), [""; 0]);
}

#[test]
fn citation_files_that_book_toml_names_are_there() {
    let book = "[citations]\nfiles = [\"works.bib\", \"citations/b.bib\"]\n\
        retractions = \"citations/retracted.csv\"\n";
    let files = [("book.toml", book), ("citations/works.bib", ""), ("citations/b.bib", "")];
    let mut site = TestSite::default().with(&files).with(&[("citations/retraction.csv", "")]);
    assert_eq!(
        site.errors(),
        [
            "book.toml: there is no file `works.bib` | did you mean `citations/works.bib`?",
            "book.toml: there is no file `citations/retracted.csv` \
                | did you mean `citations/retraction.csv`?",
        ]
    );
}

#[test]
fn a_template_that_does_not_exist_is_shown_where_a_page_names_it() {
    let page = ("content/a.md", "---\ntitle: A\ntemplate: pag.html\n---\n");
    let mut site = TestSite::default().with(&[("book.toml", ""), page]);
    assert_eq!(
        site.errors(),
        ["content/a.md: there is no template `pag.html` | did you mean `page.html`?"]
    );
}
