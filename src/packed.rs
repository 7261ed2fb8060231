//! What is kept for long in little room.
//!
//! A program that goes on for long keeps much that it seldom looks at. A [`Packable`] value
//! is compressed, put into a [`Store`] where there is one, and unpacked for whoever reads it,
//! who need not know. The [`Packer`] packs each value against a [`Sample`] of files of its
//! kind, with which it has much in common.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::sync::{Arc, PoisonError, RwLock};

use zstd_safe::{CCtx, CDict, CompressionLevel, DCtx, DDict, SafeResult, compress_bound};

/// How much time is given to the packing: the least, since all that a site shows is packed
/// when it is made.
const LEVEL: CompressionLevel = 1;

thread_local! {
    /// What the library works with, which is made once for each thread.
    static PACKER: RefCell<CCtx<'static>> = RefCell::new(CCtx::create());
    static UNPACKER: RefCell<DCtx<'static>> = RefCell::new(DCtx::create());
}

/// Bytes that others are packed against, made ready for both ways.
pub struct Sample {
    packing: CDict<'static>,
    unpacking: DDict<'static>,
}

impl Sample {
    /// Makes `bytes` ready to be packed against.
    pub fn new(bytes: impl AsRef<[u8]>) -> Self {
        let bytes = bytes.as_ref();
        Self { packing: CDict::create(bytes, LEVEL), unpacking: DDict::create(bytes) }
    }
}

impl fmt::Debug for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sample")
    }
}

/// A place for packed bytes that is not memory.
pub trait Store: fmt::Debug + Send + Sync {
    /// Puts `bytes` into the store, and returns where they are.
    ///
    /// # Errors
    /// Fails where there is no room.
    fn put(&self, bytes: &[u8]) -> io::Result<u64>;

    /// Reads the `len` bytes that were put at `at`.
    ///
    /// # Errors
    /// Fails where the store is out of order.
    fn read(&self, at: u64, len: usize) -> io::Result<Vec<u8>>;

    /// Lets others have the room of the `len` bytes that were put at `at`.
    fn give_back(&self, at: u64, len: usize);
}

/// Bytes in a store, for as long as they are needed.
struct Stored {
    store: Arc<dyn Store>,
    at: u64,
    len: u32,
}

impl Stored {
    fn of(bytes: &[u8], store: &Arc<dyn Store>) -> Option<Self> {
        let len = u32::try_from(bytes.len()).ok()?;
        let at = store.put(bytes).ok()?;
        Some(Self { store: Arc::clone(store), at, len })
    }

    fn read(&self) -> Vec<u8> {
        let bytes = self.store.read(self.at, self.len as usize);
        bytes.expect("what was put into a store can be read")
    }
}

impl Drop for Stored {
    fn drop(&mut self) {
        self.store.give_back(self.at, self.len as usize);
    }
}

/// Packs what files hold.
///
/// It takes a sample of the files of each kind: those of one folder at the top, with one
/// extension, have much in common.
#[derive(Debug, Default)]
pub struct Packer {
    samples: RwLock<BTreeMap<FileKind, GrowingSample>>,
    /// Where it puts what it packed; in memory where there is none.
    store: Option<Arc<dyn Store>>,
}

/// The folder at the top and the extension of a file's name.
type FileKind = (Box<str>, Box<str>);

/// A sample of the files of a kind.
#[derive(Debug)]
enum GrowingSample {
    /// It is too short yet.
    Short(Vec<u8>),
    /// It is long enough to be packed against.
    Ready(Arc<Sample>),
}

/// How long a sample grows, in bytes.
const SAMPLE_LENGTH: usize = 64 * 1024;

impl Packer {
    /// Returns one that puts what it packed into the `store`, or keeps it in memory.
    pub fn new(store: Option<Arc<dyn Store>>) -> Self {
        Self { store, ..Self::default() }
    }

    /// Packs `value`; what stands in the `sample` takes little room.
    pub fn pack<T: Unpack + ?Sized>(&self, value: &Packable<T>, sample: Option<Arc<Sample>>) {
        value.pack(sample, self.store.as_ref());
    }

    /// Puts `value` into the store as it is, where there is one: it is read again soon.
    pub fn put_by<T: Unpack + ?Sized>(&self, value: &Packable<T>) {
        if let Some(store) = &self.store {
            value.put_by(store);
        }
    }

    /// Returns the sample for the file at `path`, which `bytes` go to while it is short.
    pub fn sample(&self, path: &str, bytes: &[u8]) -> Option<Arc<Sample>> {
        let folder = path.split_once('/').map_or("", |(folder, _)| folder);
        let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
        let kind: FileKind = (Box::from(folder), Box::from(extension));
        let samples = self.samples.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(GrowingSample::Ready(sample)) = samples.get(&kind) {
            return Some(Arc::clone(sample));
        }
        drop(samples);
        let mut samples = self.samples.write().unwrap_or_else(PoisonError::into_inner);
        let sample = samples.entry(kind).or_insert_with(|| GrowingSample::Short(Vec::new()));
        match sample {
            GrowingSample::Ready(sample) => Some(Arc::clone(sample)),
            GrowingSample::Short(before) => {
                before.extend_from_slice(&bytes[..bytes.len().min(SAMPLE_LENGTH - before.len())]);
                if before.len() == SAMPLE_LENGTH {
                    let grown = std::mem::take(before);
                    *sample = GrowingSample::Ready(Arc::new(Sample::new(grown)));
                }
                None
            }
        }
    }
}

/// Compressed bytes.
struct Packed {
    bytes: PackedBytes,
    /// How many bytes they are when they are unpacked.
    len: u32,
    /// What they are packed against, where there is something like them.
    sample: Option<Arc<Sample>>,
}

/// Where compressed bytes lie.
enum PackedBytes {
    InMemory(Box<[u8]>),
    Stored(Stored),
}

impl Packed {
    /// Packs `bytes`, and puts them into the `store` while there is room; `None` for more than
    /// 4 GiB.
    fn of(
        bytes: &[u8],
        sample: Option<Arc<Sample>>,
        store: Option<&Arc<dyn Store>>,
    ) -> Option<Self> {
        let len = u32::try_from(bytes.len()).ok()?;
        let mut packed = Vec::with_capacity(compress_bound(bytes.len()));
        PACKER
            .with_borrow_mut(|packer| match &sample {
                None => packer.compress(&mut packed, bytes, LEVEL),
                Some(sample) => packer.compress_using_cdict(&mut packed, bytes, &sample.packing),
            })
            .ok()?;
        let bytes = match store.and_then(|store| Stored::of(&packed, store)) {
            Some(stored) => PackedBytes::Stored(stored),
            None => PackedBytes::InMemory(Box::from(packed)),
        };
        Some(Self { bytes, len, sample })
    }

    /// Returns the bytes.
    fn unpacked(&self) -> Vec<u8> {
        let stored;
        let packed = match &self.bytes {
            PackedBytes::InMemory(bytes) => bytes,
            PackedBytes::Stored(bytes) => {
                stored = bytes.read();
                stored.as_slice()
            }
        };
        let mut bytes = Vec::with_capacity(self.len as usize);
        let unpacked: SafeResult = UNPACKER.with_borrow_mut(|unpacker| match &self.sample {
            None => unpacker.decompress(&mut bytes, packed),
            Some(sample) => unpacker.decompress_using_ddict(&mut bytes, packed, &sample.unpacking),
        });
        unpacked.expect("what was packed can be unpacked");
        bytes
    }
}

/// A value that may be packed while nobody reads it; all clones of it are packed at once.
pub struct Packable<T: ?Sized>(Arc<RwLock<Form<T>>>);

/// A text that may be packed while nobody reads it.
pub type Text = Packable<str>;

enum Form<T: ?Sized> {
    Plain(Arc<T>),
    PutBy(Stored),
    Packed(Packed),
}

/// What can be packed.
pub trait Unpack: AsRef<[u8]> {
    /// Returns the value whose bytes these are.
    fn unpack(bytes: Vec<u8>) -> Arc<Self>;
}

impl Unpack for [u8] {
    fn unpack(bytes: Vec<u8>) -> Arc<Self> {
        Arc::from(bytes)
    }
}

impl Unpack for str {
    fn unpack(bytes: Vec<u8>) -> Arc<Self> {
        Arc::from(String::from_utf8(bytes).expect("what was packed was a text"))
    }
}

impl<T: Unpack + ?Sized> Packable<T> {
    /// Returns the value as it is.
    pub fn new(value: impl Into<Arc<T>>) -> Self {
        Self(Arc::new(RwLock::new(Form::Plain(value.into()))))
    }

    /// Returns the value.
    pub fn get(&self) -> Arc<T> {
        match &*self.0.read().unwrap_or_else(PoisonError::into_inner) {
            Form::Plain(value) => Arc::clone(value),
            Form::PutBy(stored) => T::unpack(stored.read()),
            Form::Packed(packed) => T::unpack(packed.unpacked()),
        }
    }

    /// Packs the value, and puts it into the `store`; what stands in the `sample` takes little
    /// room.
    fn pack(&self, sample: Option<Arc<Sample>>, store: Option<&Arc<dyn Store>>) {
        self.reform(|bytes| Packed::of(bytes, sample, store).map(Form::Packed));
    }

    /// Puts the value into the `store` while there is room.
    fn put_by(&self, store: &Arc<dyn Store>) {
        self.reform(|bytes| Stored::of(bytes, store).map(Form::PutBy));
    }

    /// Gives the value, where it is plain, the form that `form` makes of its bytes.
    fn reform(&self, form: impl FnOnce(&[u8]) -> Option<Form<T>>) {
        let plain = match &*self.0.read().unwrap_or_else(PoisonError::into_inner) {
            Form::Plain(value) => Arc::clone(value),
            Form::PutBy(_) | Form::Packed(_) => return,
        };
        if let Some(form) = form((*plain).as_ref()) {
            *self.0.write().unwrap_or_else(PoisonError::into_inner) = form;
        }
    }

    /// Returns how many bytes are kept of the value in memory.
    #[cfg(test)]
    pub(crate) fn kept(&self) -> usize {
        match &*self.0.read().unwrap_or_else(PoisonError::into_inner) {
            Form::Plain(value) => (**value).as_ref().len(),
            Form::PutBy(_) => 0,
            Form::Packed(packed) => match &packed.bytes {
                PackedBytes::InMemory(bytes) => bytes.len(),
                PackedBytes::Stored(_) => 0,
            },
        }
    }
}

impl Default for Text {
    fn default() -> Self {
        Self::new("")
    }
}

impl<T: ?Sized> Clone for Packable<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T: Unpack + PartialEq + ?Sized> PartialEq for Packable<T> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.get() == other.get()
    }
}

impl<T: Unpack + fmt::Debug + ?Sized> fmt::Debug for Packable<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.get(), f)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use proptest::prelude::*;

    use super::*;

    /// Keeps everything that was ever put, and counts what was not given back.
    #[derive(Debug, Default)]
    struct Shelf {
        bytes: RwLock<Vec<u8>>,
        held: AtomicUsize,
    }

    impl Store for Shelf {
        fn put(&self, bytes: &[u8]) -> io::Result<u64> {
            let mut all = self.bytes.write().unwrap();
            let at = all.len() as u64;
            all.extend_from_slice(bytes);
            self.held.fetch_add(bytes.len(), Ordering::Relaxed);
            Ok(at)
        }

        fn read(&self, at: u64, len: usize) -> io::Result<Vec<u8>> {
            let at = usize::try_from(at).unwrap();
            Ok(self.bytes.read().unwrap()[at..at + len].to_vec())
        }

        fn give_back(&self, _: u64, len: usize) {
            self.held.fetch_sub(len, Ordering::Relaxed);
        }
    }

    /// Has no room.
    #[derive(Debug)]
    struct Full;

    impl Store for Full {
        fn put(&self, _: &[u8]) -> io::Result<u64> {
            Err(io::ErrorKind::StorageFull.into())
        }

        fn read(&self, _: u64, _: usize) -> io::Result<Vec<u8>> {
            unreachable!("nothing was put")
        }

        fn give_back(&self, _: u64, _: usize) {
            unreachable!("nothing was put")
        }
    }

    proptest! {
        #[test]
        fn what_is_packed_is_unpacked_as_it_was(
            bytes: Vec<u8>, sample: Vec<u8>, text: String,
        ) {
            let shelf = Arc::new(Shelf::default());
            let stores: [Option<Arc<dyn Store>>; 3] =
                [None, Some(Arc::new(Full)), Some(Arc::clone(&shelf) as _)];
            for packer in stores.map(Packer::new) {
                for sample in [None, Some(Arc::new(Sample::new(&sample)))] {
                    let packable = Packable::<[u8]>::new(bytes.clone());
                    packer.pack(&packable, sample);
                    prop_assert_eq!(&*packable.get(), &bytes);
                    let is_stored = shelf.held.load(Ordering::Relaxed) > 0;
                    prop_assert_eq!(packable.kept() == 0, is_stored);
                }
                let packable = Packable::<[u8]>::new(bytes.clone());
                packer.put_by(&packable);
                prop_assert_eq!(&*packable.get(), &bytes);
                let held = shelf.held.load(Ordering::Relaxed);
                prop_assert_eq!(packable.kept() + held, bytes.len());
            }
            prop_assert_eq!(shelf.held.load(Ordering::Relaxed), 0, "all is given back");
            let kept = Text::new(text.as_str());
            let clone = kept.clone();
            Packer::default().pack(&kept, None);
            Packer::default().pack(&kept, None);
            prop_assert_eq!(&*kept.get(), text.as_str());
            prop_assert_eq!(clone, Text::new(text));
        }
    }

    #[test]
    fn a_value_takes_little_room_beside_what_is_like_it() {
        let words: String = (0..2000).map(|number| format!("word {number} ")).collect();
        let marked = words.replace("word 7", "<em>word 7</em>");
        let sample = Arc::new(Sample::new(&words));
        let packable = Text::new(marked.as_str());
        Packer::default().pack(&packable, Some(sample));
        let kept = packable.kept();
        assert!(kept * 10 < marked.len(), "{kept}");
    }
}
