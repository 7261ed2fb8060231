//! Reading a site for the commands that build it and write nothing.

use crate::load::{self, Inputs, LoadPlan};
use crate::pipeline::{self, Build, BuildOptions};

use super::session::{Failure, Session};

/// Reads the site's files.
pub(super) fn read_inputs(session: &Session) -> Result<Inputs, Failure> {
    let (config, _) = session.config()?;
    let output_dir = config.build.output_dir.as_ref().as_ref();
    Ok(load::load(&LoadPlan::new(&session.root, output_dir, &config))?)
}

/// Builds the site in memory.
pub(super) fn build(
    session: &Session,
    inputs: &Inputs,
    with_unpublished: bool,
) -> Result<Build, Failure> {
    let options = BuildOptions {
        drafts: with_unpublished,
        future: with_unpublished,
        ..BuildOptions::on(session.today()?)
    };
    Ok(pipeline::build(inputs, &options))
}
