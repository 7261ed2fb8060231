//! How long the disk takes: reading a site of 10,000 files, and publishing 10,000 pages
//! of which none changed.

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use galen::load::{self, LoadPlan};
use galen::outputs::Artifact;
use galen::write::{self, OutputDir};

const FILES: usize = 10_000;
const BYTES: usize = 10_000;

fn text(number: usize) -> String {
    format!("---\ntitle: \"Page {number}\"\n---\n\n{}", "All work and no play. ".repeat(BYTES / 22))
}

fn site(root: &Path) {
    let file = |path: &str, text: &str| {
        write::create_file(&root.join(path), text, false)
            .expect("the temporary folder is writable");
    };
    file("book.toml", "");
    for number in 0..FILES {
        file(&format!("content/articles/page-{number}.md"), &text(number));
    }
}

fn disk(criterion: &mut Criterion) {
    let dir = tempfile::tempdir().expect("there is a temporary folder");
    site(dir.path());
    let plan =
        LoadPlan { root: dir.path().into(), output_dir: "public".into(), ..LoadPlan::default() };
    let output = OutputDir::new(dir.path(), Path::new("public")).expect("the folder is safe");
    let pages: Vec<Artifact> = (0..FILES)
        .map(|number| Artifact::new(format!("articles/page-{number}/index.html"), text(number)))
        .collect();
    write::publish(&output, &pages).expect("the temporary folder is writable");

    let mut group = criterion.benchmark_group("disk");
    group.sample_size(10);
    group.bench_function("load 10,000 files of 10 KB", |bencher| {
        bencher.iter(|| black_box(load::load(&plan).expect("the files are readable")));
    });
    group.bench_function("publish 10,000 unchanged pages", |bencher| {
        bencher
            .iter(|| black_box(write::publish(&output, &pages).expect("the folder is writable")));
    });
    group.finish();
}

criterion_group!(benches, disk);
criterion_main!(benches);
