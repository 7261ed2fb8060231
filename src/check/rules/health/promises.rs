//! Claims that promise, rank, or lean on an authority.

mod absolute;
mod approval;
mod exclusive;
#[cfg(test)]
mod tests;

pub(in crate::check::rules) use absolute::{
    ABSOLUTE_DENIALS, ABSOLUTE_EXCEPT, ABSOLUTE_IDIOMS, ABSOLUTE_TIMES, ABSOLUTE_TURNS,
    ABSOLUTE_UNCITED, ABSOLUTE_WORDS, CLAIM_ABSOLUTE,
};
pub(in crate::check::rules) use approval::{
    APPROVAL_AUTHORITIES, APPROVAL_EXCEPT, APPROVAL_IDIOMS, APPROVAL_OTHERS, APPROVAL_PRONOUNS,
    APPROVAL_STATUS, APPROVAL_TURNS, APPROVAL_WORDS, CLAIM_APPROVAL,
};
pub(in crate::check::rules) use exclusive::{
    CLAIM_EXCLUSIVE, EXCLUSIVE_ADVICE, EXCLUSIVE_EXCEPT, EXCLUSIVE_IDIOMS, EXCLUSIVE_MONTHS,
    EXCLUSIVE_WORDS,
};
