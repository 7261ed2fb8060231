//! The words of a theme's interface in one language: `i18n/TAG.toml`.

use crate::diagnostic::{Diagnostic, structural};
use crate::ordered::IndexMap;
use crate::source::Source;

/// Reads a theme's words, by key; those of a table have its name and `_` before theirs.
///
/// # Errors
///
/// The finding that the file is malformed.
pub fn words(source: &Source) -> Result<IndexMap<String, String>, Box<Diagnostic>> {
    let table = toml::from_str::<toml::Table>(&source.text()).map_err(|error| {
        let span = source.span(error.span().unwrap_or(0..0));
        let message = format!("this is not valid TOML: {}", error.message());
        Box::new(Diagnostic::new(&structural::CONFIG_TYPE, span, message))
    })?;
    let mut words = IndexMap::default();
    flatten(&table, "", &mut words);
    Ok(words)
}

/// Puts the strings of a table and its tables into a flat map.
fn flatten(table: &toml::Table, prefix: &str, into: &mut IndexMap<String, String>) {
    for (name, value) in table {
        let key = format!("{prefix}{name}");
        match value {
            toml::Value::Table(table) => flatten(table, &format!("{key}_"), into),
            toml::Value::String(text) => {
                into.insert(key, text.clone());
            }
            other => {
                into.insert(key, other.to_string());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    #[test]
    fn tables_are_flattened_and_faults_have_a_place() {
        let read = |text| words(&Source::new(SourceId::new("i18n/en.toml"), text));
        let found = read("toc = \"Contents\"\n[date]\nformat = \"d\"\n").unwrap();
        assert_eq!((&*found["toc"], &*found["date_format"]), ("Contents", "d"));
        assert_eq!(read("toc = Contents\n").unwrap_err().span.start, 6);
    }
}
