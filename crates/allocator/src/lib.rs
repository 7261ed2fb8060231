//! The memory allocator of the program: mimalloc.
//!
//! A build makes millions of small values on several threads, and drops them again: with
//! this allocator it takes two thirds of the time that it takes with the system's.
//!
//! This crate is the only one that calls into C itself: the allocator has no other door
//! to its options.

/// The allocator.
pub use mimalloc::MiMalloc as Allocator;

/// `mi_option_purge_delay` of mimalloc's `mimalloc.h`: after how many milliseconds memory
/// that was freed is given back to the system; never if negative.
const PURGE_DELAY: libmimalloc_sys::mi_option_t = 15;

/// Keeps memory that is freed for the program's own use from now on.
///
/// For a program that soon ends. Else freed memory goes back to the system after a few
/// milliseconds, which must clear and map it anew when it is wanted again, and break up huge
/// pages: of a build of 10,000 articles that is a tenth of the CPU.
#[allow(unsafe_code, reason = "a function of C")]
pub fn keep_freed_memory() {
    // SAFETY: It writes one number into the allocator's table of options, whether or not it
    // is the program's allocator. Two writers at once would leave the number of either.
    unsafe { libmimalloc_sys::mi_option_set(PURGE_DELAY, -1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[allow(unsafe_code, reason = "a function of C")]
    fn the_option_is_the_one_that_is_meant() {
        // SAFETY: As above; it reads the number.
        let delay = || unsafe { libmimalloc_sys::mi_option_get(PURGE_DELAY) };
        assert_eq!(delay(), 10, "the allocator's own choice, which no option beside it has");
        keep_freed_memory();
        assert_eq!(delay(), -1);
    }
}
