//! How long the default theme takes for a page whose view is built already.

#![recursion_limit = "256"]

#[path = "../tests/default_theme/views.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod views;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use galen::render::templates::Templates;

fn render(c: &mut Criterion) {
    let (templates, _) = Templates::new(&views::default_theme());
    let mut group = c.benchmark_group("templates");
    group.throughput(Throughput::Elements(1));
    for (template, page) in views::rich_pages() {
        if !["article.html", "treatment.html"].contains(&template) {
            continue;
        }
        let view = views::view(&views::rich_site(), &page);
        group.bench_function(template, |b| b.iter(|| templates.render(template, &view)));
    }
    group.finish();
}

criterion_group!(benches, render);
criterion_main!(benches);
