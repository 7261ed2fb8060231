//! The command-line program: everything it does is in the library.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: allocator::Allocator = allocator::Allocator;

fn main() -> ExitCode {
    galen::cli::run(std::env::args_os())
}
