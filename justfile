# Short names for what is done often; `just` lists them.

default:
    @just --list

# Build the site in this folder into public/
build *ARGS:
    cargo run --release -- build {{ARGS}}

# Run the tests, all or those whose name holds a word
test *ARGS:
    cargo test {{ARGS}}

# Format, and say what the linter says
lint:
    cargo fmt --all
    cargo clippy --workspace --all-targets -- -D warnings

# Build and open the documentation of the code
doc:
    cargo doc --workspace --no-deps --document-private-items --open

# Everything that must hold before a change is taken
ci *STEPS:
    .ci/run {{STEPS}}

# Measure
bench *ARGS:
    cargo bench {{ARGS}}
