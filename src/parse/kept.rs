//! A page that is kept for long.
//!
//! The tables of a text take several times the room of its Markdown, and are seldom needed.
//! A [`KeptPage`] lets go of them where it is told to, and reads its text again for whoever
//! asks.

use std::ops::Deref;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use super::Body;
use super::document::{parse_text, text_options};
use super::markdown::MarkdownOptions;
use super::page::{FieldValue, Page, PageHead};
use super::text::Signature;

/// A page whose text is read again when it is asked for.
#[derive(Debug)]
pub struct KeptPage {
    head: Arc<PageHead>,
    /// The text, while it is at hand.
    body: RwLock<Option<Arc<Body>>>,
    /// What is known of its texts without them, once they have been let go of.
    signature: OnceLock<Signature>,
    /// How texts of the site are read.
    options: Arc<MarkdownOptions>,
    /// What it said itself, where it has the facts of another page.
    own: Option<Arc<PageHead>>,
}

impl Deref for KeptPage {
    type Target = PageHead;

    fn deref(&self) -> &PageHead {
        &self.head
    }
}

impl KeptPage {
    /// Returns `page`, which was read as the `options` of the site say.
    pub fn new(page: Page, options: &Arc<MarkdownOptions>) -> Self {
        Self {
            head: page.head,
            body: RwLock::new(Some(page.body)),
            signature: OnceLock::new(),
            options: Arc::clone(options),
            own: None,
        }
    }

    /// Returns this page with another `head`, which has facts of its original.
    pub fn with_head(&self, head: PageHead) -> Self {
        let page = Page { head: Arc::new(head), body: self.page().body };
        Self { own: Some(Arc::clone(&self.head)), ..Self::new(page, &self.options) }
    }

    /// Returns the page with its text, which stays at hand.
    pub fn page(&self) -> Page {
        if let Some(body) = self.at_hand() {
            return Page { head: Arc::clone(&self.head), body };
        }
        let page = self.glance();
        let mut at_hand = self.body.write().unwrap_or_else(PoisonError::into_inner);
        // Another thread may have been quicker: it is one text for all.
        let body = Arc::clone(at_hand.get_or_insert(page.body));
        Page { head: page.head, body }
    }

    /// Returns the page with its text, for one look.
    pub fn glance(&self) -> Page {
        let body = self.at_hand().unwrap_or_else(|| {
            let own = self.own.as_ref().unwrap_or(&self.head);
            let options =
                text_options(&own.front, own.id.lang(), own.collection.as_ref(), &self.options);
            Arc::new(parse_text(&own.source, own.text_start, &options).0)
        });
        Page { head: Arc::clone(&self.head), body }
    }

    /// Lets go of the text until it is asked for again.
    pub fn let_go(&self) {
        if self.at_hand().is_some() {
            self.signature();
        }
        self.discard();
    }

    /// Lets go of the text where nobody is expected to ask for it, or its signature, again.
    pub fn discard(&self) {
        self.body.write().unwrap_or_else(PoisonError::into_inner).take();
    }

    /// Returns what can be known of the page's texts without them.
    pub fn signature(&self) -> &Signature {
        self.signature.get_or_init(|| signature(&self.glance()))
    }

    fn at_hand(&self) -> Option<Arc<Body>> {
        self.body.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Returns the signature of the page's text and of those in its fields.
fn signature(page: &Page) -> Signature {
    let mut texts = vec![&*page.body.text.plain];
    page.front.fields.values().for_each(|value| push_texts(value, &mut texts));
    Signature::of(&texts)
}

fn push_texts<'a>(value: &'a FieldValue, texts: &mut Vec<&'a str>) {
    match value {
        FieldValue::Markdown(body) => texts.push(&body.text.plain),
        FieldValue::List(values) => values.iter().for_each(|value| push_texts(value, texts)),
        FieldValue::Record(values) => values.values().for_each(|value| push_texts(value, texts)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::parse::document::parse_page;
    use crate::source::{Source, SourceId};

    fn kept(text: &str) -> KeptPage {
        let source = Source::new(SourceId::new("content/a.md"), text);
        let options = Arc::new(MarkdownOptions::default());
        KeptPage::new(parse_page(&source, "a.md", &Config::default(), &options), &options)
    }

    #[test]
    fn a_text_is_read_again_as_it_was() {
        for text in [
            "# Title\n\nSome *words* [@a].\n",
            "---\ntitle: A\n---\n# Title\n\nword[^1]\n\n[^1]: x\n",
        ] {
            let page = kept(text);
            let before = page.page().body;
            assert!(Arc::ptr_eq(&before, &page.page().body), "it stays at hand");
            page.let_go();
            assert_eq!(page.glance().body, before);
            assert!(page.at_hand().is_none(), "a glance keeps nothing");
            assert_eq!(page.page().body, before);
            assert!(page.at_hand().is_some());
        }
    }

    #[test]
    fn a_page_with_facts_of_another_reads_its_text_as_it_did_alone() {
        let own = kept("# Titre\n\nmots\n");
        let mut head = PageHead::clone(&own);
        head.front.title = Some("Title".into());
        let page = own.with_head(head);
        let before = page.page();
        assert_eq!(before.body.title.as_ref().map(|title| &*title.text), Some("Titre"));
        page.let_go();
        assert_eq!(page.page().body, before.body);
        assert_eq!(page.front.title.as_deref(), Some("Title"));
    }

    #[test]
    fn its_signature_is_that_of_all_its_texts() {
        let page = kept("---\ntitle: A\n---\nsome words\n");
        assert!(page.signature().may_hold("words") && !page.signature().may_hold("others"));
    }
}
