//! The modules of a crate and the paths that they name, read from tokens.

#![expect(clippy::unwrap_used, reason = "a source that cannot be read fails the test")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// One module of a crate: a file, or a part of one between braces.
pub(crate) struct Module {
    /// The names that lead to it from the crate's root; `main` for the program.
    pub(crate) path: Vec<String>,
    /// The file, relative to the root, with `/` between parts.
    pub(crate) file: String,
    /// The paths of two or more parts that it names, and those that it imports.
    pub(crate) used: Vec<UsedPath>,
    /// The names of the modules that it declares.
    declared: Vec<String>,
    text: String,
    /// The lines that are compiled for tests only.
    test_lines: BTreeSet<usize>,
}

/// A path as it is written, with groups spelt out.
#[derive(Clone)]
pub(crate) struct UsedPath {
    parts: Vec<String>,
    /// The line, from 1.
    pub(crate) line: usize,
}

impl Module {
    /// Tells whether `name` means a part of the crate here, whatever crate is called so.
    pub(crate) fn has_own(&self, name: &str) -> bool {
        self.declared.iter().any(|declared| declared == name)
            || self.used.iter().any(|used| {
                matches!(used.parts[0].as_str(), "crate" | "self" | "super")
                    && used.parts.last().is_some_and(|last| last == name)
            })
    }

    /// Returns the lines that are compiled without tests, with their numbers.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().enumerate().map(|(index, line)| (index + 1, line));
        lines.filter(|(number, _)| !self.test_lines.contains(number))
    }
}

impl UsedPath {
    /// Returns the first part.
    pub(crate) fn first(&self) -> &str {
        &self.parts[0]
    }

    /// Returns the path as text.
    pub(crate) fn text(&self) -> String {
        self.parts.join("::")
    }

    /// Returns the names that lead to the target from the crate's root, for a path in
    /// the module `own`; `None` for one that leads out of the crate, or that names
    /// something by its import.
    pub(crate) fn in_crate(&self, own: &[String]) -> Option<Vec<String>> {
        let mut base = match self.parts.first()?.as_str() {
            "crate" => Vec::new(),
            // The program names the library's modules through the library.
            "galen" if own.first().is_some_and(|first| first == "main") => Vec::new(),
            "self" => own.to_vec(),
            "super" => own[..own.len().saturating_sub(1)].to_vec(),
            _ => return None,
        };
        for part in &self.parts[1..] {
            match part.as_str() {
                "super" => drop(base.pop()),
                "self" => {}
                name => base.push(name.to_owned()),
            }
        }
        Some(base)
    }
}

/// Reads the crate that starts at the file `entry` below `root`, without the modules
/// that are compiled for tests only.
pub(crate) fn modules(root: &Path, entry: &str) -> Vec<Module> {
    let name = Path::new(entry).file_stem().unwrap().to_str().unwrap();
    let path = if name == "main" { vec!["main".to_owned()] } else { Vec::new() };
    let mut found = Vec::new();
    let file = root.join(entry);
    if file.exists() {
        let folder = file.parent().unwrap().to_path_buf();
        read_file(root, &file, folder, path, &mut found);
    }
    found
}

/// Reads the module in `file`, whose children stand in `folder`.
fn read_file(
    root: &Path,
    file: &Path,
    folder: PathBuf,
    path: Vec<String>,
    found: &mut Vec<Module>,
) {
    let text = std::fs::read_to_string(file).unwrap();
    let tokens =
        TokenStream::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let name = file.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
    let mut reader = Reader { file: name, text, test_lines: BTreeSet::new(), modules: Vec::new() };
    reader.module(tokens, path, &folder);
    let Reader { file: name, text, test_lines, modules } = reader;
    for (index, part) in modules.into_iter().enumerate() {
        // The text counts once, whatever modules the file holds.
        let text = if index == 0 { text.clone() } else { String::new() };
        let test_lines = test_lines.clone();
        found.push(Module {
            path: part.path,
            file: name.clone(),
            used: part.used,
            declared: part.declared,
            text,
            test_lines,
        });
        for (child, child_folder, child_path) in part.children {
            read_file(root, &child, child_folder, child_path, found);
        }
    }
}

/// A child module in a file of its own: the file, its children's folder, its path.
type Child = (PathBuf, PathBuf, Vec<String>);

struct Part {
    path: Vec<String>,
    used: Vec<UsedPath>,
    declared: Vec<String>,
    children: Vec<Child>,
}

struct Reader {
    file: String,
    text: String,
    test_lines: BTreeSet<usize>,
    modules: Vec<Part>,
}

impl Reader {
    /// Reads the tokens of one module, and the modules between its braces.
    fn module(&mut self, tokens: TokenStream, path: Vec<String>, folder: &Path) {
        let index = self.modules.len();
        self.modules.push(Part {
            path,
            used: Vec::new(),
            declared: Vec::new(),
            children: Vec::new(),
        });
        self.tokens(&tokens.into_iter().collect::<Vec<_>>(), index, folder);
    }

    fn tokens(&mut self, tokens: &[TokenTree], module: usize, folder: &Path) {
        let mut at = 0;
        while at < tokens.len() {
            if is_test_attribute(&tokens[at..]) {
                let end = item_end(tokens, at);
                let first = tokens[at].span().start().line;
                let last = tokens[end - 1].span().end().line;
                self.test_lines.extend(first..=last);
                at = end;
                continue;
            }
            if let Some(length) = self.child(&tokens[at..], module, folder) {
                at += length;
                continue;
            }
            match &tokens[at] {
                TokenTree::Group(group) => {
                    let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                    self.tokens(&inner, module, folder);
                    at += 1;
                }
                TokenTree::Ident(_) if starts_path(tokens, at) => {
                    let imported = at > 0 && ident(&tokens[at - 1]).is_some_and(|i| i == "use");
                    at += self.path(&tokens[at..], Vec::new(), imported, module);
                }
                _ => at += 1,
            }
        }
    }

    /// Reads `mod name;` or `mod name { … }` at the start of `tokens`, and returns how
    /// many tokens it takes.
    fn child(&mut self, tokens: &[TokenTree], module: usize, folder: &Path) -> Option<usize> {
        let [first, second, third, ..] = tokens else { return None };
        let name = ident(second).filter(|_| ident(first).is_some_and(|word| word == "mod"))?;
        let mut path = self.modules[module].path.clone();
        path.push(name.clone());
        self.modules[module].declared.push(name.clone());
        match third {
            TokenTree::Punct(punct) if punct.as_char() == ';' => {
                let flat = folder.join(format!("{name}.rs"));
                let nested = folder.join(&name).join("mod.rs");
                let file = if flat.exists() { flat } else { nested };
                self.modules[module].children.push((file, folder.join(&name), path));
            }
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                self.module(group.stream(), path, &folder.join(&name));
            }
            _ => return None,
        }
        Some(3)
    }

    /// Reads the path at the start of `tokens`, after `prefix`; returns how many tokens
    /// it takes. A group in braces adds one path for each of its parts.
    fn path(
        &mut self,
        tokens: &[TokenTree],
        prefix: Vec<String>,
        imported: bool,
        module: usize,
    ) -> usize {
        let mut parts = prefix;
        let line = tokens[0].span().start().line;
        let mut at = 0;
        loop {
            match tokens.get(at) {
                Some(TokenTree::Ident(name)) => {
                    parts.push(name.to_string());
                    at += 1;
                }
                Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                    let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                    for part in inner.split(is_comma).filter(|part| !part.is_empty()) {
                        self.path(part, parts.clone(), imported, module);
                    }
                    return at + 1;
                }
                // A glob, or what stands between `<` and `>`, which is read on its own.
                _ => break,
            }
            if !is_colons(tokens, at) {
                break;
            }
            at += 2;
        }
        if parts.len() > 1 || imported {
            self.modules[module].used.push(UsedPath { parts, line });
        }
        at.max(1)
    }
}

fn ident(token: &TokenTree) -> Option<String> {
    match token {
        TokenTree::Ident(ident) => Some(ident.to_string()),
        _ => None,
    }
}

fn is_punct(token: Option<&TokenTree>, wanted: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == wanted)
}

fn is_comma(token: &TokenTree) -> bool {
    is_punct(Some(token), ',')
}

/// Tells whether `::` stands at `at`.
fn is_colons(tokens: &[TokenTree], at: usize) -> bool {
    is_punct(tokens.get(at), ':') && is_punct(tokens.get(at + 1), ':')
}

/// Tells whether the name at `at` is a path's first part.
fn starts_path(tokens: &[TokenTree], at: usize) -> bool {
    if at < 2 || !is_colons(tokens, at - 2) {
        return true;
    }
    // `::name` is absolute, unless it goes on from a name or a type in angle brackets.
    let before = at.checked_sub(3).map(|before| &tokens[before]);
    !matches!(before, Some(TokenTree::Ident(_))) && !is_punct(before, '>')
}

/// Tells whether `tokens` start with `#[cfg(test)]` or `#[test]`.
fn is_test_attribute(tokens: &[TokenTree]) -> bool {
    let [hash, TokenTree::Group(group), ..] = tokens else { return false };
    let text = group.stream().to_string().replace(' ', "");
    is_punct(Some(hash), '#') && (text == "cfg(test)" || text == "test")
}

/// Returns where the item ends whose attributes start at `start`.
fn item_end(tokens: &[TokenTree], start: usize) -> usize {
    let mut at = start;
    while is_punct(tokens.get(at), '#') {
        at += 2;
    }
    while let Some(token) = tokens.get(at) {
        at += 1;
        match token {
            TokenTree::Punct(punct) if punct.as_char() == ';' => break,
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => break,
            _ => {}
        }
    }
    at
}
