//! Check digits: whether the last character of an identifier follows from the others.

/// How the last character of an identifier follows from the others.
///
/// Every algorithm looks at the letters and digits only, whatever parts them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckDigit {
    /// Weights that descend to 1, modulo 11, `X` is ten (ISSN, ISBN-10).
    Mod11,
    /// ISO 7064 MOD 11-2, `X` is ten (ORCID).
    Iso7064Mod11,
    /// ISO 7064 MOD 97-10 over Crockford's base 32, two digits (ROR).
    Iso7064Mod97,
    /// Luhn (payment cards, and the NPI behind the prefix 80840).
    Luhn,
    /// Luhn behind the prefix 80840 (NPI).
    Npi,
    /// Weights 1 and 3 in turn, modulo 10 (ISBN-13, GTIN).
    Mod10,
    /// ISBN-10 or ISBN-13, by its length.
    Isbn,
    /// Weights that ascend from the right, modulo 10 (CAS).
    Cas,
    /// The sum of the base-36 digits, modulo 36 (UNII).
    Mod36,
    /// Verhoeff (SNOMED CT).
    Verhoeff,
}

impl CheckDigit {
    /// Every algorithm by the word that configuration uses for it.
    pub const ALL: &[(&str, CheckDigit)] = &[
        ("mod11", CheckDigit::Mod11),
        ("iso7064-mod11-2", CheckDigit::Iso7064Mod11),
        ("iso7064-mod97-10", CheckDigit::Iso7064Mod97),
        ("luhn", CheckDigit::Luhn),
        ("npi", CheckDigit::Npi),
        ("mod10", CheckDigit::Mod10),
        ("isbn", CheckDigit::Isbn),
        ("cas", CheckDigit::Cas),
        ("mod36", CheckDigit::Mod36),
        ("verhoeff", CheckDigit::Verhoeff),
    ];

    /// Tells whether the last character of `value` follows from the others; false
    /// where `value` holds a character that the algorithm has no number for.
    pub fn holds(self, value: &str) -> bool {
        let text: Vec<char> = value.chars().filter(|c| c.is_alphanumeric()).collect();
        if text.len() < 2 {
            return false;
        }
        match self {
            CheckDigit::Mod11 => mod11(&text),
            CheckDigit::Iso7064Mod11 => iso7064_mod11_2(&text),
            CheckDigit::Iso7064Mod97 => iso7064_mod97_10(&text),
            CheckDigit::Luhn => luhn(&text),
            CheckDigit::Npi => luhn(&[&['8', '0', '8', '4', '0'], text.as_slice()].concat()),
            CheckDigit::Mod10 => mod10(&text),
            CheckDigit::Isbn => match text.len() {
                10 => mod11(&text),
                _ => mod10(&text),
            },
            CheckDigit::Cas => cas(&text),
            CheckDigit::Mod36 => mod36(&text),
            CheckDigit::Verhoeff => verhoeff(&text),
        }
    }
}

/// Returns the decimal digits of `text`; `X` counts as ten at the end only.
fn digits(text: &[char], final_x: bool) -> Option<Vec<u32>> {
    let last = text.len() - 1;
    let digit = |(index, c): (usize, &char)| match c {
        'X' | 'x' if final_x && index == last => Some(10),
        _ => c.to_digit(10),
    };
    text.iter().enumerate().map(digit).collect()
}

fn mod11(text: &[char]) -> bool {
    digits(text, true).is_some_and(|digits| {
        let weighted = digits.iter().rev().zip(1..).map(|(digit, weight)| digit * weight);
        weighted.sum::<u32>() % 11 == 0
    })
}

fn iso7064_mod11_2(text: &[char]) -> bool {
    digits(text, true).is_some_and(|digits| {
        let (check, body) = (digits[digits.len() - 1], &digits[..digits.len() - 1]);
        let remainder = body.iter().fold(0, |total, digit| (total + digit) * 2 % 11);
        (12 - remainder) % 11 == check
    })
}

fn iso7064_mod97_10(text: &[char]) -> bool {
    const CROCKFORD: &str = "0123456789abcdefghjkmnpqrstvwxyz";
    let Some(split) = text.len().checked_sub(2) else { return false };
    let (body, check) = text.split_at(split);
    let number = body.iter().try_fold(0u64, |number, c| {
        let digit = CROCKFORD.find(c.to_ascii_lowercase())? as u64;
        number.checked_mul(32)?.checked_add(digit)
    });
    let check: Option<Vec<u32>> = check.iter().map(|c| c.to_digit(10)).collect();
    let (Some(number), Some(check)) = (number, check) else { return false };
    98 - (number % 97 * 100) % 97 == u64::from(check[0] * 10 + check[1])
}

fn luhn(text: &[char]) -> bool {
    digits(text, false).is_some_and(|digits| {
        let doubled = digits.iter().rev().enumerate().map(|(index, digit)| match index % 2 {
            0 => *digit,
            _ => digit * 2 / 10 + digit * 2 % 10,
        });
        doubled.sum::<u32>() % 10 == 0
    })
}

fn mod10(text: &[char]) -> bool {
    digits(text, false).is_some_and(|digits| {
        let weighted = digits.iter().rev().enumerate().map(|(index, digit)| match index % 2 {
            0 => *digit,
            _ => digit * 3,
        });
        weighted.sum::<u32>() % 10 == 0
    })
}

fn cas(text: &[char]) -> bool {
    digits(text, false).is_some_and(|digits| {
        let (check, body) = (digits[digits.len() - 1], &digits[..digits.len() - 1]);
        let weighted = body.iter().rev().zip(1..).map(|(digit, weight)| digit * weight);
        weighted.sum::<u32>() % 10 == check
    })
}

fn mod36(text: &[char]) -> bool {
    let digits: Option<Vec<u32>> = text.iter().map(|c| c.to_digit(36)).collect();
    digits.is_some_and(|digits| {
        let (check, body) = (digits[digits.len() - 1], &digits[..digits.len() - 1]);
        body.iter().sum::<u32>() % 36 == check
    })
}

fn verhoeff(text: &[char]) -> bool {
    /// The multiplication table of the dihedral group D5.
    const PRODUCT: [[u32; 10]; 10] = [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        [1, 2, 3, 4, 0, 6, 7, 8, 9, 5],
        [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
        [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
        [4, 0, 1, 2, 3, 9, 5, 6, 7, 8],
        [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
        [6, 5, 9, 8, 7, 1, 0, 4, 3, 2],
        [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
        [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
        [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
    ];
    /// The permutation by position, which repeats after eight.
    const PERMUTATION: [[u32; 10]; 8] = [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        [1, 5, 7, 6, 2, 8, 3, 0, 9, 4],
        [5, 8, 0, 3, 7, 9, 6, 1, 4, 2],
        [8, 9, 1, 6, 0, 4, 3, 5, 2, 7],
        [9, 4, 5, 3, 1, 2, 6, 8, 7, 0],
        [4, 2, 8, 6, 5, 7, 3, 9, 0, 1],
        [2, 7, 9, 3, 8, 0, 6, 4, 1, 5],
        [7, 0, 4, 6, 9, 1, 3, 2, 5, 8],
    ];
    digits(text, false).is_some_and(|digits| {
        let total = digits.iter().rev().enumerate().fold(0, |total, (index, digit)| {
            let permuted = PERMUTATION[index % 8][*digit as usize];
            PRODUCT[total as usize][permuted as usize]
        });
        total == 0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Public identifiers of well-known works, people, organisations and substances.
    const REAL: &[(CheckDigit, &[&str])] = &[
        (CheckDigit::Mod11, &["0028-0836", "1476-4687", "2434-561X", "0-306-40615-2"]),
        (
            CheckDigit::Iso7064Mod11,
            &["0000-0002-1825-0097", "0000-0001-5109-3700", "0000-0002-1694-233X"],
        ),
        (CheckDigit::Iso7064Mod97, &["05dxps055", "03vek6s52", "01cwqze88", "00cvxb145"]),
        (CheckDigit::Luhn, &["79927398713", "4111 1111 1111 1111"]),
        (CheckDigit::Npi, &["1234567893", "1245319599"]),
        (CheckDigit::Isbn, &["978-0-306-40615-7", "9783161484100", "0-8044-2957-X"]),
        (CheckDigit::Cas, &["50-78-2", "7732-18-5", "58-08-2", "1187594-09-7"]),
        (CheckDigit::Mod36, &["R16CO5Y76E", "362O9ITL9D", "WK2XYI10QM"]),
        (CheckDigit::Verhoeff, &["22298006", "73211009", "38341003", "195967001"]),
    ];

    #[test]
    fn real_identifiers_hold() {
        for (algorithm, values) in REAL {
            for value in *values {
                assert!(algorithm.holds(value), "{algorithm:?} {value}");
            }
        }
    }

    #[test]
    fn a_changed_digit_does_not_hold() {
        for (algorithm, values) in REAL {
            for value in *values {
                let position = value.find(|c: char| ('1'..='8').contains(&c)).unwrap();
                let digit = value.as_bytes()[position] as char;
                let other = char::from_digit(digit.to_digit(10).unwrap() + 1, 10).unwrap();
                let changed = value.replacen(digit, &other.to_string(), 1);
                assert!(!algorithm.holds(&changed), "{algorithm:?} {changed}");
            }
        }
    }

    #[test]
    fn odd_text_does_not_hold() {
        for (_, algorithm) in CheckDigit::ALL {
            for odd in ["", "1", "é€", "--", "ab"] {
                assert!(!algorithm.holds(odd), "{algorithm:?} {odd}");
            }
        }
    }
}
