//! What the crate says of the schema is what the schema says.

use walletd::*;

use crate::support::*;

#[test]
fn reasons_are_those_of_the_documents() {
    let page = std::fs::read_to_string(repository("docs/ERRORS.md")).unwrap();
    let rows: Vec<Vec<&str>> = page
        .lines()
        .filter_map(|line| line.strip_prefix("| "))
        .map(|line| line.split('|').map(str::trim).collect::<Vec<_>>())
        .filter(|cells| cells[0].parse::<i32>().is_ok())
        .collect();
    assert_eq!(rows.len(), Reason::ALL.len());
    for cells in rows {
        let number: i32 = cells[0].parse().unwrap();
        let reason = Reason::from_number(number);
        assert_eq!((reason.number(), reason.to_string().as_str()), (number, cells[1]));
        assert_eq!(Reason::from_name(cells[1]), Some(reason));
        assert_eq!(reason.is_remembered(), cells[3] == "yes", "{reason}");
        assert_eq!(pb::ErrorReason::from_i32(number).unwrap().as_str_name(), format!("ERROR_REASON_{reason}"));
    }
    assert_eq!(Reason::from_number(99), Reason::Unknown(99));
    assert_eq!(Reason::Unknown(99).to_string(), "99");
    assert_eq!(Reason::from_name("NOPE"), None);
}

/// All of an enum: each value of the schema has its name here, and there are no others.
macro_rules! same_enums {
    ($($own:ident as $message:ident with $prefix:literal;)*) => {
        $(
            let known = (1..1000).filter(|&number| pb::$message::from_i32(number).is_some()).count();
            assert_eq!($own::ALL.len(), known, $prefix);
            for value in $own::ALL {
                let schema = pb::$message::from_i32(value.number()).expect($prefix);
                assert_eq!(schema.as_str_name(), format!(concat!($prefix, "_{}"), value));
                assert_eq!($own::from_name(&value.to_string()), Some(*value));
            }
            assert_eq!($own::Unknown(0).to_string(), "UNSPECIFIED");
        )*
    };
}

#[test]
fn enums_are_those_of_the_schema() {
    same_enums! {
        WalletStatus as WalletStatus with "WALLET_STATUS";
        TransactionKind as TransactionKind with "TRANSACTION_KIND";
        FreezeScope as FreezeScope with "FREEZE_SCOPE";
        LimitKind as LimitKind with "LIMIT_KIND";
        TokenKind as TokenKind with "TOKEN_KIND";
        Verb as Method with "METHOD";
    }
}

#[test]
fn errors_say_what_they_are() {
    let error = Client::new("nowhere").unwrap_err();
    let text = error.to_string();
    assert!(text.starts_with("not executed, invalid: ") && text.contains("nowhere"), "{text}");
    assert!(!error.is_outcome_unknown() && !error.is_worth_repeating() && error.key().is_none());
    fn is_error<E: std::error::Error + Send + Sync + 'static>() {}
    is_error::<Error>();
    is_error::<Rejected>();
    is_error::<NotExecuted>();
    is_error::<OutcomeUnknown>();
}
