from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor
ERROR_REASON_AMOUNT_OVERFLOW: ErrorReason
ERROR_REASON_BATCH_ABORTED: ErrorReason
ERROR_REASON_CANCELLED: ErrorReason
ERROR_REASON_COUNTER_ACCOUNT_EXISTS: ErrorReason
ERROR_REASON_COUNTER_ACCOUNT_UNKNOWN: ErrorReason
ERROR_REASON_CURRENCY_EXISTS: ErrorReason
ERROR_REASON_CURRENCY_MISMATCH: ErrorReason
ERROR_REASON_CURRENCY_UNKNOWN: ErrorReason
ERROR_REASON_DEADLINE_EXCEEDED: ErrorReason
ERROR_REASON_HOLD_AMOUNT_EXCEEDED: ErrorReason
ERROR_REASON_HOLD_CAPTURED: ErrorReason
ERROR_REASON_HOLD_EXPIRED: ErrorReason
ERROR_REASON_HOLD_NOT_FOUND: ErrorReason
ERROR_REASON_HOLD_RELEASED: ErrorReason
ERROR_REASON_IDEMPOTENCY_MISMATCH: ErrorReason
ERROR_REASON_INSUFFICIENT_FUNDS: ErrorReason
ERROR_REASON_INTERNAL: ErrorReason
ERROR_REASON_INVALID_ARGUMENT: ErrorReason
ERROR_REASON_INVALID_FRAME: ErrorReason
ERROR_REASON_LIMIT_EXCEEDED: ErrorReason
ERROR_REASON_MAX_BALANCE_EXCEEDED: ErrorReason
ERROR_REASON_NOT_REFUNDABLE: ErrorReason
ERROR_REASON_PERMISSION_DENIED: ErrorReason
ERROR_REASON_REFUND_EXCEEDS_ORIGINAL: ErrorReason
ERROR_REASON_RESOURCE_EXHAUSTED: ErrorReason
ERROR_REASON_RESUME_INVALID: ErrorReason
ERROR_REASON_SAME_WALLET: ErrorReason
ERROR_REASON_TRANSACTION_NOT_FOUND: ErrorReason
ERROR_REASON_UNAUTHENTICATED: ErrorReason
ERROR_REASON_UNAVAILABLE: ErrorReason
ERROR_REASON_UNIMPLEMENTED: ErrorReason
ERROR_REASON_UNSPECIFIED: ErrorReason
ERROR_REASON_VERSION_CONFLICT: ErrorReason
ERROR_REASON_WALLET_CLOSED: ErrorReason
ERROR_REASON_WALLET_EXISTS: ErrorReason
ERROR_REASON_WALLET_FROZEN: ErrorReason
ERROR_REASON_WALLET_NOT_EMPTY: ErrorReason
ERROR_REASON_WALLET_NOT_FOUND: ErrorReason
FREEZE_SCOPE_ALL: FreezeScope
FREEZE_SCOPE_CREDIT: FreezeScope
FREEZE_SCOPE_DEBIT: FreezeScope
FREEZE_SCOPE_UNSPECIFIED: FreezeScope
LIMIT_KIND_DAY_AMOUNT: LimitKind
LIMIT_KIND_DAY_COUNT: LimitKind
LIMIT_KIND_MONTH_AMOUNT: LimitKind
LIMIT_KIND_MONTH_COUNT: LimitKind
LIMIT_KIND_TRANSACTION_AMOUNT: LimitKind
LIMIT_KIND_UNSPECIFIED: LimitKind
LIMIT_KIND_WEEK_AMOUNT: LimitKind
LIMIT_KIND_WEEK_COUNT: LimitKind
METHOD_ADD_COUNTER_ACCOUNT: Method
METHOD_BACKUP: Method
METHOD_BATCH: Method
METHOD_CAPTURE: Method
METHOD_CLOSE_WALLET: Method
METHOD_CREATE_TOKEN: Method
METHOD_CREDIT: Method
METHOD_DEBIT: Method
METHOD_EXPLAIN_BALANCE: Method
METHOD_FREEZE: Method
METHOD_GET_BALANCE: Method
METHOD_GET_BALANCE_AT: Method
METHOD_GET_SCHEMA: Method
METHOD_GET_SERVER_INFO: Method
METHOD_GET_WALLET: Method
METHOD_HELLO: Method
METHOD_HOLD: Method
METHOD_IMPORT: Method
METHOD_LIST_REFUSALS: Method
METHOD_LIST_TOKENS: Method
METHOD_LIST_TRANSACTIONS: Method
METHOD_LIST_WALLETS: Method
METHOD_OPEN_WALLET: Method
METHOD_PING: Method
METHOD_REFUND: Method
METHOD_REGISTER_CURRENCY: Method
METHOD_RELEASE: Method
METHOD_REVOKE_TOKEN: Method
METHOD_SET_LIMITS: Method
METHOD_TRANSFER: Method
METHOD_TRIAL_BALANCE: Method
METHOD_UNFREEZE: Method
METHOD_UNSPECIFIED: Method
METHOD_VERIFY: Method
METHOD_WATCH_TRANSACTIONS: Method
TOKEN_KIND_CERTIFICATE: TokenKind
TOKEN_KIND_SECRET: TokenKind
TOKEN_KIND_UNIX_USER: TokenKind
TOKEN_KIND_UNSPECIFIED: TokenKind
TRANSACTION_KIND_CAPTURE: TransactionKind
TRANSACTION_KIND_CLOSE: TransactionKind
TRANSACTION_KIND_CREDIT: TransactionKind
TRANSACTION_KIND_DEBIT: TransactionKind
TRANSACTION_KIND_EXPIRE: TransactionKind
TRANSACTION_KIND_FREEZE: TransactionKind
TRANSACTION_KIND_HOLD: TransactionKind
TRANSACTION_KIND_OPEN: TransactionKind
TRANSACTION_KIND_REFUND: TransactionKind
TRANSACTION_KIND_RELEASE: TransactionKind
TRANSACTION_KIND_SET_LIMITS: TransactionKind
TRANSACTION_KIND_TRANSFER_IN: TransactionKind
TRANSACTION_KIND_TRANSFER_OUT: TransactionKind
TRANSACTION_KIND_UNFREEZE: TransactionKind
TRANSACTION_KIND_UNSPECIFIED: TransactionKind
WALLET_STATUS_CLOSED: WalletStatus
WALLET_STATUS_OPEN: WalletStatus
WALLET_STATUS_UNSPECIFIED: WalletStatus

class AddCounterAccountRequest(_message.Message):
    __slots__ = ["correlation_id", "dry_run", "idempotency_key", "metadata", "name", "note", "occurred_at_micros", "on_behalf_of", "reason", "reference"]
    CORRELATION_ID_FIELD_NUMBER: _ClassVar[int]
    DRY_RUN_FIELD_NUMBER: _ClassVar[int]
    IDEMPOTENCY_KEY_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_AT_MICROS_FIELD_NUMBER: _ClassVar[int]
    ON_BEHALF_OF_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    correlation_id: str
    dry_run: bool
    idempotency_key: str
    metadata: _containers.RepeatedCompositeFieldContainer[MetadataEntry]
    name: str
    note: str
    occurred_at_micros: int
    on_behalf_of: str
    reason: str
    reference: str
    def __init__(self, name: _Optional[str] = ..., idempotency_key: _Optional[str] = ..., reason: _Optional[str] = ..., reference: _Optional[str] = ..., correlation_id: _Optional[str] = ..., note: _Optional[str] = ..., on_behalf_of: _Optional[str] = ..., occurred_at_micros: _Optional[int] = ..., metadata: _Optional[_Iterable[_Union[MetadataEntry, _Mapping]]] = ..., dry_run: bool = ...) -> None: ...

class AdministrationResponse(_message.Message):
    __slots__ = ["commit_seq", "dry_run", "replayed", "row"]
    COMMIT_SEQ_FIELD_NUMBER: _ClassVar[int]
    DRY_RUN_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    ROW_FIELD_NUMBER: _ClassVar[int]
    commit_seq: int
    dry_run: bool
    replayed: bool
    row: AdministrationRow
    def __init__(self, row: _Optional[_Union[AdministrationRow, _Mapping]] = ..., replayed: bool = ..., dry_run: bool = ..., commit_seq: _Optional[int] = ...) -> None: ...

class AdministrationRow(_message.Message):
    __slots__ = ["actor", "client_name", "correlation_id", "created_at_micros", "detail", "digest", "exponent", "id", "idempotency_key", "lane", "metadata", "note", "occurred_at_micros", "on_behalf_of", "reason", "reference", "request_digest", "row_format", "source", "subject", "token_id", "verb"]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    CLIENT_NAME_FIELD_NUMBER: _ClassVar[int]
    CORRELATION_ID_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_MICROS_FIELD_NUMBER: _ClassVar[int]
    DETAIL_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    EXPONENT_FIELD_NUMBER: _ClassVar[int]
    IDEMPOTENCY_KEY_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    LANE_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_AT_MICROS_FIELD_NUMBER: _ClassVar[int]
    ON_BEHALF_OF_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    REQUEST_DIGEST_FIELD_NUMBER: _ClassVar[int]
    ROW_FORMAT_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    TOKEN_ID_FIELD_NUMBER: _ClassVar[int]
    VERB_FIELD_NUMBER: _ClassVar[int]
    actor: str
    client_name: str
    correlation_id: str
    created_at_micros: int
    detail: bytes
    digest: bytes
    exponent: int
    id: int
    idempotency_key: str
    lane: int
    metadata: _containers.RepeatedCompositeFieldContainer[MetadataEntry]
    note: str
    occurred_at_micros: int
    on_behalf_of: str
    reason: str
    reference: str
    request_digest: bytes
    row_format: int
    source: str
    subject: str
    token_id: int
    verb: Method
    def __init__(self, id: _Optional[int] = ..., verb: _Optional[_Union[Method, str]] = ..., subject: _Optional[str] = ..., exponent: _Optional[int] = ..., token_id: _Optional[int] = ..., actor: _Optional[str] = ..., on_behalf_of: _Optional[str] = ..., reason: _Optional[str] = ..., note: _Optional[str] = ..., reference: _Optional[str] = ..., idempotency_key: _Optional[str] = ..., request_digest: _Optional[bytes] = ..., correlation_id: _Optional[str] = ..., source: _Optional[str] = ..., client_name: _Optional[str] = ..., metadata: _Optional[_Iterable[_Union[MetadataEntry, _Mapping]]] = ..., occurred_at_micros: _Optional[int] = ..., created_at_micros: _Optional[int] = ..., detail: _Optional[bytes] = ..., digest: _Optional[bytes] = ..., lane: _Optional[int] = ..., row_format: _Optional[int] = ...) -> None: ...

class AmountOverflow(_message.Message):
    __slots__ = ["field"]
    FIELD_FIELD_NUMBER: _ClassVar[int]
    field: str
    def __init__(self, field: _Optional[str] = ...) -> None: ...

class BackupEvent(_message.Message):
    __slots__ = ["progress", "report"]
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    REPORT_FIELD_NUMBER: _ClassVar[int]
    progress: BackupProgress
    report: BackupReport
    def __init__(self, progress: _Optional[_Union[BackupProgress, _Mapping]] = ..., report: _Optional[_Union[BackupReport, _Mapping]] = ...) -> None: ...

class BackupProgress(_message.Message):
    __slots__ = ["done", "stage", "total"]
    DONE_FIELD_NUMBER: _ClassVar[int]
    STAGE_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    done: int
    stage: str
    total: int
    def __init__(self, stage: _Optional[str] = ..., done: _Optional[int] = ..., total: _Optional[int] = ...) -> None: ...

class BackupReport(_message.Message):
    __slots__ = ["base_seq", "bytes", "commit_seq", "epoch", "file", "head", "incremental", "micros", "old", "rows", "sha256"]
    BASE_SEQ_FIELD_NUMBER: _ClassVar[int]
    BYTES_FIELD_NUMBER: _ClassVar[int]
    COMMIT_SEQ_FIELD_NUMBER: _ClassVar[int]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    FILE_FIELD_NUMBER: _ClassVar[int]
    HEAD_FIELD_NUMBER: _ClassVar[int]
    INCREMENTAL_FIELD_NUMBER: _ClassVar[int]
    MICROS_FIELD_NUMBER: _ClassVar[int]
    OLD_FIELD_NUMBER: _ClassVar[int]
    ROWS_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    base_seq: int
    bytes: int
    commit_seq: int
    epoch: int
    file: str
    head: JournalHead
    incremental: bool
    micros: int
    old: bool
    rows: int
    sha256: bytes
    def __init__(self, file: _Optional[str] = ..., head: _Optional[_Union[JournalHead, _Mapping]] = ..., epoch: _Optional[int] = ..., bytes: _Optional[int] = ..., sha256: _Optional[bytes] = ..., incremental: bool = ..., base_seq: _Optional[int] = ..., rows: _Optional[int] = ..., old: bool = ..., micros: _Optional[int] = ..., commit_seq: _Optional[int] = ...) -> None: ...

class BackupRequest(_message.Message):
    __slots__ = ["incremental"]
    INCREMENTAL_FIELD_NUMBER: _ClassVar[int]
    incremental: bool
    def __init__(self, incremental: bool = ...) -> None: ...

class BalanceSum(_message.Message):
    __slots__ = ["amount", "count", "held_change", "kind", "reason"]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    HELD_CHANGE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    amount: int
    count: int
    held_change: int
    kind: TransactionKind
    reason: str
    def __init__(self, kind: _Optional[_Union[TransactionKind, str]] = ..., reason: _Optional[str] = ..., count: _Optional[int] = ..., amount: _Optional[int] = ..., held_change: _Optional[int] = ...) -> None: ...

class BatchAborted(_message.Message):
    __slots__ = ["cause", "index"]
    CAUSE_FIELD_NUMBER: _ClassVar[int]
    INDEX_FIELD_NUMBER: _ClassVar[int]
    cause: Error
    index: int
    def __init__(self, index: _Optional[int] = ..., cause: _Optional[_Union[Error, _Mapping]] = ...) -> None: ...

class BatchItem(_message.Message):
    __slots__ = ["capture", "close_wallet", "credit", "debit", "freeze", "hold", "open_wallet", "refund", "release", "set_limits", "transfer", "unfreeze"]
    CAPTURE_FIELD_NUMBER: _ClassVar[int]
    CLOSE_WALLET_FIELD_NUMBER: _ClassVar[int]
    CREDIT_FIELD_NUMBER: _ClassVar[int]
    DEBIT_FIELD_NUMBER: _ClassVar[int]
    FREEZE_FIELD_NUMBER: _ClassVar[int]
    HOLD_FIELD_NUMBER: _ClassVar[int]
    OPEN_WALLET_FIELD_NUMBER: _ClassVar[int]
    REFUND_FIELD_NUMBER: _ClassVar[int]
    RELEASE_FIELD_NUMBER: _ClassVar[int]
    SET_LIMITS_FIELD_NUMBER: _ClassVar[int]
    TRANSFER_FIELD_NUMBER: _ClassVar[int]
    UNFREEZE_FIELD_NUMBER: _ClassVar[int]
    capture: CaptureRequest
    close_wallet: CloseWalletRequest
    credit: CreditRequest
    debit: DebitRequest
    freeze: FreezeRequest
    hold: HoldRequest
    open_wallet: OpenWalletRequest
    refund: RefundRequest
    release: ReleaseRequest
    set_limits: SetLimitsRequest
    transfer: TransferRequest
    unfreeze: UnfreezeRequest
    def __init__(self, open_wallet: _Optional[_Union[OpenWalletRequest, _Mapping]] = ..., debit: _Optional[_Union[DebitRequest, _Mapping]] = ..., credit: _Optional[_Union[CreditRequest, _Mapping]] = ..., transfer: _Optional[_Union[TransferRequest, _Mapping]] = ..., hold: _Optional[_Union[HoldRequest, _Mapping]] = ..., capture: _Optional[_Union[CaptureRequest, _Mapping]] = ..., release: _Optional[_Union[ReleaseRequest, _Mapping]] = ..., refund: _Optional[_Union[RefundRequest, _Mapping]] = ..., freeze: _Optional[_Union[FreezeRequest, _Mapping]] = ..., unfreeze: _Optional[_Union[UnfreezeRequest, _Mapping]] = ..., set_limits: _Optional[_Union[SetLimitsRequest, _Mapping]] = ..., close_wallet: _Optional[_Union[CloseWalletRequest, _Mapping]] = ...) -> None: ...

class BatchRequest(_message.Message):
    __slots__ = ["atomic", "dry_run", "full_results", "idempotency_key", "items"]
    ATOMIC_FIELD_NUMBER: _ClassVar[int]
    DRY_RUN_FIELD_NUMBER: _ClassVar[int]
    FULL_RESULTS_FIELD_NUMBER: _ClassVar[int]
    IDEMPOTENCY_KEY_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    atomic: bool
    dry_run: bool
    full_results: bool
    idempotency_key: str
    items: _containers.RepeatedCompositeFieldContainer[BatchItem]
    def __init__(self, idempotency_key: _Optional[str] = ..., dry_run: bool = ..., atomic: bool = ..., items: _Optional[_Iterable[_Union[BatchItem, _Mapping]]] = ..., full_results: bool = ...) -> None: ...

class BatchResponse(_message.Message):
    __slots__ = ["commit_seq", "dry_run", "replayed", "results"]
    COMMIT_SEQ_FIELD_NUMBER: _ClassVar[int]
    DRY_RUN_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    commit_seq: int
    dry_run: bool
    replayed: bool
    results: _containers.RepeatedCompositeFieldContainer[BatchResult]
    def __init__(self, results: _Optional[_Iterable[_Union[BatchResult, _Mapping]]] = ..., commit_seq: _Optional[int] = ..., replayed: bool = ..., dry_run: bool = ...) -> None: ...

class BatchResult(_message.Message):
    __slots__ = ["available", "balance", "currency", "error", "exponent", "held", "replayed", "transaction", "transaction_id", "wallet_id", "wallet_version"]
    AVAILABLE_FIELD_NUMBER: _ClassVar[int]
    BALANCE_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    EXPONENT_FIELD_NUMBER: _ClassVar[int]
    HELD_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    TRANSACTION_FIELD_NUMBER: _ClassVar[int]
    TRANSACTION_ID_FIELD_NUMBER: _ClassVar[int]
    WALLET_ID_FIELD_NUMBER: _ClassVar[int]
    WALLET_VERSION_FIELD_NUMBER: _ClassVar[int]
    available: int
    balance: int
    currency: str
    error: Error
    exponent: int
    held: int
    replayed: bool
    transaction: Transaction
    transaction_id: int
    wallet_id: int
    wallet_version: int
    def __init__(self, transaction_id: _Optional[int] = ..., wallet_version: _Optional[int] = ..., balance: _Optional[int] = ..., held: _Optional[int] = ..., error: _Optional[_Union[Error, _Mapping]] = ..., replayed: bool = ..., transaction: _Optional[_Union[Transaction, _Mapping]] = ..., wallet_id: _Optional[int] = ..., available: _Optional[int] = ..., currency: _Optional[str] = ..., exponent: _Optional[int] = ...) -> None: ...

class CaptureRequest(_message.Message):
    __slots__ = ["amount", "correlation_id", "counter_account", "currency", "dry_run", "expected_version", "final", "hold_id", "idempotency_key", "metadata", "note", "occurred_at_micros", "on_behalf_of", "reason", "reference"]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    CORRELATION_ID_FIELD_NUMBER: _ClassVar[int]
    COUNTER_ACCOUNT_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DRY_RUN_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    FINAL_FIELD_NUMBER: _ClassVar[int]
    HOLD_ID_FIELD_NUMBER: _ClassVar[int]
    IDEMPOTENCY_KEY_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_AT_MICROS_FIELD_NUMBER: _ClassVar[int]
    ON_BEHALF_OF_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    amount: int
    correlation_id: str
    counter_account: str
    currency: str
    dry_run: bool
    expected_version: int
    final: bool
    hold_id: int
    idempotency_key: str
    metadata: _containers.RepeatedCompositeFieldContainer[MetadataEntry]
    note: str
    occurred_at_micros: int
    on_behalf_of: str
    reason: str
    reference: str
    def __init__(self, amount: _Optional[int] = ..., idempotency_key: _Optional[str] = ..., reason: _Optional[str] = ..., reference: _Optional[str] = ..., correlation_id: _Optional[str] = ..., note: _Optional[str] = ..., on_behalf_of: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_at_micros: _Optional[int] = ..., counter_account: _Optional[str] = ..., metadata: _Optional[_Iterable[_Union[MetadataEntry, _Mapping]]] = ..., dry_run: bool = ..., hold_id: _Optional[int] = ..., final: bool = ..., currency: _Optional[str] = ...) -> None: ...

class CloseWalletRequest(_message.Message):
    __slots__ = ["correlation_id", "dry_run", "expected_version", "idempotency_key", "metadata", "note", "occurred_at_micros", "on_behalf_of", "reason", "reference", "wallet"]
    CORRELATION_ID_FIELD_NUMBER: _ClassVar[int]
    DRY_RUN_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    IDEMPOTENCY_KEY_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_AT_MICROS_FIELD_NUMBER: _ClassVar[int]
    ON_BEHALF_OF_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    WALLET_FIELD_NUMBER: _ClassVar[int]
    correlation_id: str
    dry_run: bool
    expected_version: int
    idempotency_key: str
    metadata: _containers.RepeatedCompositeFieldContainer[MetadataEntry]
    note: str
    occurred_at_micros: int
    on_behalf_of: str
    reason: str
    reference: str
    wallet: WalletRef
    def __init__(self, wallet: _Optional[_Union[WalletRef, _Mapping]] = ..., idempotency_key: _Optional[str] = ..., reason: _Optional[str] = ..., reference: _Optional[str] = ..., correlation_id: _Optional[str] = ..., note: _Optional[str] = ..., on_behalf_of: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_at_micros: _Optional[int] = ..., metadata: _Optional[_Iterable[_Union[MetadataEntry, _Mapping]]] = ..., dry_run: bool = ...) -> None: ...

class CounterAccountBalance(_message.Message):
    __slots__ = ["name", "total"]
    NAME_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    name: str
    total: int
    def __init__(self, name: _Optional[str] = ..., total: _Optional[int] = ...) -> None: ...

class CounterAccountDetail(_message.Message):
    __slots__ = ["counter_account"]
    COUNTER_ACCOUNT_FIELD_NUMBER: _ClassVar[int]
    counter_account: str
    def __init__(self, counter_account: _Optional[str] = ...) -> None: ...

class CreateTokenRequest(_message.Message):
    __slots__ = ["certificate_name", "correlation_id", "currencies", "dry_run", "expires_at_micros", "idempotency_key", "max_amount", "metadata", "note", "occurred_at_micros", "on_behalf_of", "owner_prefix", "principal", "reason", "reference", "scopes", "secret_digest", "unix_user"]
    CERTIFICATE_NAME_FIELD_NUMBER: _ClassVar[int]
    CORRELATION_ID_FIELD_NUMBER: _ClassVar[int]
    CURRENCIES_FIELD_NUMBER: _ClassVar[int]
    DRY_RUN_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_AT_MICROS_FIELD_NUMBER: _ClassVar[int]
    IDEMPOTENCY_KEY_FIELD_NUMBER: _ClassVar[int]
    MAX_AMOUNT_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_AT_MICROS_FIELD_NUMBER: _ClassVar[int]
    ON_BEHALF_OF_FIELD_NUMBER: _ClassVar[int]
    OWNER_PREFIX_FIELD_NUMBER: _ClassVar[int]
    PRINCIPAL_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    SCOPES_FIELD_NUMBER: _ClassVar[int]
    SECRET_DIGEST_FIELD_NUMBER: _ClassVar[int]
    UNIX_USER_FIELD_NUMBER: _ClassVar[int]
    certificate_name: str
    correlation_id: str
    currencies: _containers.RepeatedScalarFieldContainer[str]
    dry_run: bool
    expires_at_micros: int
    idempotency_key: str
    max_amount: int
    metadata: _containers.RepeatedCompositeFieldContainer[MetadataEntry]
    note: str
    occurred_at_micros: int
    on_behalf_of: str
    owner_prefix: str
    principal: str
    reason: str
    reference: str
    scopes: _containers.RepeatedScalarFieldContainer[str]
    secret_digest: bytes
    unix_user: int
    def __init__(self, principal: _Optional[str] = ..., idempotency_key: _Optional[str] = ..., reason: _Optional[str] = ..., reference: _Optional[str] = ..., correlation_id: _Optional[str] = ..., note: _Optional[str] = ..., on_behalf_of: _Optional[str] = ..., occurred_at_micros: _Optional[int] = ..., metadata: _Optional[_Iterable[_Union[MetadataEntry, _Mapping]]] = ..., dry_run: bool = ..., secret_digest: _Optional[bytes] = ..., certificate_name: _Optional[str] = ..., unix_user: _Optional[int] = ..., scopes: _Optional[_Iterable[str]] = ..., currencies: _Optional[_Iterable[str]] = ..., owner_prefix: _Optional[str] = ..., max_amount: _Optional[int] = ..., expires_at_micros: _Optional[int] = ...) -> None: ...

class Credentials(_message.Message):
    __slots__ = ["token"]
    TOKEN_FIELD_NUMBER: _ClassVar[int]
    token: str
    def __init__(self, token: _Optional[str] = ...) -> None: ...

class CreditRequest(_message.Message):
    __slots__ = ["amount", "correlation_id", "counter_account", "dry_run", "expected_version", "idempotency_key", "metadata", "note", "occurred_at_micros", "on_behalf_of", "reason", "reference", "wallet"]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    CORRELATION_ID_FIELD_NUMBER: _ClassVar[int]
    COUNTER_ACCOUNT_FIELD_NUMBER: _ClassVar[int]
    DRY_RUN_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    IDEMPOTENCY_KEY_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_AT_MICROS_FIELD_NUMBER: _ClassVar[int]
    ON_BEHALF_OF_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    WALLET_FIELD_NUMBER: _ClassVar[int]
    amount: int
    correlation_id: str
    counter_account: str
    dry_run: bool
    expected_version: int
    idempotency_key: str
    metadata: _containers.RepeatedCompositeFieldContainer[MetadataEntry]
    note: str
    occurred_at_micros: int
    on_behalf_of: str
    reason: str
    reference: str
    wallet: WalletRef
    def __init__(self, wallet: _Optional[_Union[WalletRef, _Mapping]] = ..., amount: _Optional[int] = ..., idempotency_key: _Optional[str] = ..., reason: _Optional[str] = ..., reference: _Optional[str] = ..., correlation_id: _Optional[str] = ..., note: _Optional[str] = ..., on_behalf_of: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_at_micros: _Optional[int] = ..., counter_account: _Optional[str] = ..., metadata: _Optional[_Iterable[_Union[MetadataEntry, _Mapping]]] = ..., dry_run: bool = ...) -> None: ...

class CurrencyBalance(_message.Message):
    __slots__ = ["counter_accounts", "currency", "difference", "exponent", "registered", "wallets_total"]
    COUNTER_ACCOUNTS_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DIFFERENCE_FIELD_NUMBER: _ClassVar[int]
    EXPONENT_FIELD_NUMBER: _ClassVar[int]
    REGISTERED_FIELD_NUMBER: _ClassVar[int]
    WALLETS_TOTAL_FIELD_NUMBER: _ClassVar[int]
    counter_accounts: _containers.RepeatedCompositeFieldContainer[CounterAccountBalance]
    currency: str
    difference: int
    exponent: int
    registered: bool
    wallets_total: int
    def __init__(self, currency: _Optional[str] = ..., exponent: _Optional[int] = ..., wallets_total: _Optional[int] = ..., counter_accounts: _Optional[_Iterable[_Union[CounterAccountBalance, _Mapping]]] = ..., difference: _Optional[int] = ..., registered: bool = ...) -> None: ...

class CurrencyDetail(_message.Message):
    __slots__ = ["request_currency", "wallet_currency"]
    REQUEST_CURRENCY_FIELD_NUMBER: _ClassVar[int]
    WALLET_CURRENCY_FIELD_NUMBER: _ClassVar[int]
    request_currency: str
    wallet_currency: str
    def __init__(self, wallet_currency: _Optional[str] = ..., request_currency: _Optional[str] = ...) -> None: ...

class DebitRequest(_message.Message):
    __slots__ = ["amount", "correlation_id", "counter_account", "dry_run", "expected_version", "idempotency_key", "metadata", "note", "occurred_at_micros", "on_behalf_of", "reason", "reference", "wallet"]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    CORRELATION_ID_FIELD_NUMBER: _ClassVar[int]
    COUNTER_ACCOUNT_FIELD_NUMBER: _ClassVar[int]
    DRY_RUN_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    IDEMPOTENCY_KEY_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_AT_MICROS_FIELD_NUMBER: _ClassVar[int]
    ON_BEHALF_OF_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    WALLET_FIELD_NUMBER: _ClassVar[int]
    amount: int
    correlation_id: str
    counter_account: str
    dry_run: bool
    expected_version: int
    idempotency_key: str
    metadata: _containers.RepeatedCompositeFieldContainer[MetadataEntry]
    note: str
    occurred_at_micros: int
    on_behalf_of: str
    reason: str
    reference: str
    wallet: WalletRef
    def __init__(self, wallet: _Optional[_Union[WalletRef, _Mapping]] = ..., amount: _Optional[int] = ..., idempotency_key: _Optional[str] = ..., reason: _Optional[str] = ..., reference: _Optional[str] = ..., correlation_id: _Optional[str] = ..., note: _Optional[str] = ..., on_behalf_of: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_at_micros: _Optional[int] = ..., counter_account: _Optional[str] = ..., metadata: _Optional[_Iterable[_Union[MetadataEntry, _Mapping]]] = ..., dry_run: bool = ...) -> None: ...

class Error(_message.Message):
    __slots__ = ["amount_overflow", "batch_aborted", "commit_seq", "counter_account", "currency", "frame_limit", "hold", "idempotency_mismatch", "insufficient_funds", "internal", "invalid_argument", "limit_exceeded", "max_balance_exceeded", "message", "reason", "refund_exceeds", "replayed", "retry_after", "scope", "stream_end", "transaction", "unimplemented", "version_conflict", "wallet", "wallet_frozen", "wallet_not_empty"]
    AMOUNT_OVERFLOW_FIELD_NUMBER: _ClassVar[int]
    BATCH_ABORTED_FIELD_NUMBER: _ClassVar[int]
    COMMIT_SEQ_FIELD_NUMBER: _ClassVar[int]
    COUNTER_ACCOUNT_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    FRAME_LIMIT_FIELD_NUMBER: _ClassVar[int]
    HOLD_FIELD_NUMBER: _ClassVar[int]
    IDEMPOTENCY_MISMATCH_FIELD_NUMBER: _ClassVar[int]
    INSUFFICIENT_FUNDS_FIELD_NUMBER: _ClassVar[int]
    INTERNAL_FIELD_NUMBER: _ClassVar[int]
    INVALID_ARGUMENT_FIELD_NUMBER: _ClassVar[int]
    LIMIT_EXCEEDED_FIELD_NUMBER: _ClassVar[int]
    MAX_BALANCE_EXCEEDED_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    REFUND_EXCEEDS_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    RETRY_AFTER_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    STREAM_END_FIELD_NUMBER: _ClassVar[int]
    TRANSACTION_FIELD_NUMBER: _ClassVar[int]
    UNIMPLEMENTED_FIELD_NUMBER: _ClassVar[int]
    VERSION_CONFLICT_FIELD_NUMBER: _ClassVar[int]
    WALLET_FIELD_NUMBER: _ClassVar[int]
    WALLET_FROZEN_FIELD_NUMBER: _ClassVar[int]
    WALLET_NOT_EMPTY_FIELD_NUMBER: _ClassVar[int]
    amount_overflow: AmountOverflow
    batch_aborted: BatchAborted
    commit_seq: int
    counter_account: CounterAccountDetail
    currency: CurrencyDetail
    frame_limit: FrameLimit
    hold: HoldDetail
    idempotency_mismatch: IdempotencyMismatch
    insufficient_funds: InsufficientFunds
    internal: Internal
    invalid_argument: InvalidArgument
    limit_exceeded: LimitExceeded
    max_balance_exceeded: MaxBalanceExceeded
    message: str
    reason: ErrorReason
    refund_exceeds: RefundExceeds
    replayed: bool
    retry_after: RetryAfter
    scope: ScopeDetail
    stream_end: StreamEnd
    transaction: TransactionDetail
    unimplemented: Unimplemented
    version_conflict: VersionConflict
    wallet: WalletDetail
    wallet_frozen: WalletFrozen
    wallet_not_empty: WalletNotEmpty
    def __init__(self, reason: _Optional[_Union[ErrorReason, str]] = ..., message: _Optional[str] = ..., commit_seq: _Optional[int] = ..., replayed: bool = ..., invalid_argument: _Optional[_Union[InvalidArgument, _Mapping]] = ..., unimplemented: _Optional[_Union[Unimplemented, _Mapping]] = ..., frame_limit: _Optional[_Union[FrameLimit, _Mapping]] = ..., retry_after: _Optional[_Union[RetryAfter, _Mapping]] = ..., idempotency_mismatch: _Optional[_Union[IdempotencyMismatch, _Mapping]] = ..., currency: _Optional[_Union[CurrencyDetail, _Mapping]] = ..., counter_account: _Optional[_Union[CounterAccountDetail, _Mapping]] = ..., wallet: _Optional[_Union[WalletDetail, _Mapping]] = ..., version_conflict: _Optional[_Union[VersionConflict, _Mapping]] = ..., insufficient_funds: _Optional[_Union[InsufficientFunds, _Mapping]] = ..., amount_overflow: _Optional[_Union[AmountOverflow, _Mapping]] = ..., internal: _Optional[_Union[Internal, _Mapping]] = ..., scope: _Optional[_Union[ScopeDetail, _Mapping]] = ..., batch_aborted: _Optional[_Union[BatchAborted, _Mapping]] = ..., transaction: _Optional[_Union[TransactionDetail, _Mapping]] = ..., hold: _Optional[_Union[HoldDetail, _Mapping]] = ..., refund_exceeds: _Optional[_Union[RefundExceeds, _Mapping]] = ..., wallet_frozen: _Optional[_Union[WalletFrozen, _Mapping]] = ..., wallet_not_empty: _Optional[_Union[WalletNotEmpty, _Mapping]] = ..., limit_exceeded: _Optional[_Union[LimitExceeded, _Mapping]] = ..., max_balance_exceeded: _Optional[_Union[MaxBalanceExceeded, _Mapping]] = ..., stream_end: _Optional[_Union[StreamEnd, _Mapping]] = ...) -> None: ...

class ExplainBalanceRequest(_message.Message):
    __slots__ = ["from_micros", "last_changes", "wallet"]
    FROM_MICROS_FIELD_NUMBER: _ClassVar[int]
    LAST_CHANGES_FIELD_NUMBER: _ClassVar[int]
    WALLET_FIELD_NUMBER: _ClassVar[int]
    from_micros: int
    last_changes: int
    wallet: WalletRef
    def __init__(self, wallet: _Optional[_Union[WalletRef, _Mapping]] = ..., from_micros: _Optional[int] = ..., last_changes: _Optional[int] = ...) -> None: ...

class ExplainBalanceResponse(_message.Message):
    __slots__ = ["chain_verified_to", "commit_seq", "difference", "equal", "freezes", "frozen_amount", "holds", "last_changes", "limit_uses", "limits", "opening_at_micros", "opening_balance", "opening_version", "rows_recomputed", "sums", "wallet"]
    CHAIN_VERIFIED_TO_FIELD_NUMBER: _ClassVar[int]
    COMMIT_SEQ_FIELD_NUMBER: _ClassVar[int]
    DIFFERENCE_FIELD_NUMBER: _ClassVar[int]
    EQUAL_FIELD_NUMBER: _ClassVar[int]
    FREEZES_FIELD_NUMBER: _ClassVar[int]
    FROZEN_AMOUNT_FIELD_NUMBER: _ClassVar[int]
    HOLDS_FIELD_NUMBER: _ClassVar[int]
    LAST_CHANGES_FIELD_NUMBER: _ClassVar[int]
    LIMITS_FIELD_NUMBER: _ClassVar[int]
    LIMIT_USES_FIELD_NUMBER: _ClassVar[int]
    OPENING_AT_MICROS_FIELD_NUMBER: _ClassVar[int]
    OPENING_BALANCE_FIELD_NUMBER: _ClassVar[int]
    OPENING_VERSION_FIELD_NUMBER: _ClassVar[int]
    ROWS_RECOMPUTED_FIELD_NUMBER: _ClassVar[int]
    SUMS_FIELD_NUMBER: _ClassVar[int]
    WALLET_FIELD_NUMBER: _ClassVar[int]
    chain_verified_to: int
    commit_seq: int
    difference: str
    equal: bool
    freezes: _containers.RepeatedCompositeFieldContainer[FreezeInfo]
    frozen_amount: int
    holds: _containers.RepeatedCompositeFieldContainer[HoldInfo]
    last_changes: _containers.RepeatedCompositeFieldContainer[Transaction]
    limit_uses: _containers.RepeatedCompositeFieldContainer[LimitUse]
    limits: WalletLimits
    opening_at_micros: int
    opening_balance: int
    opening_version: int
    rows_recomputed: int
    sums: _containers.RepeatedCompositeFieldContainer[BalanceSum]
    wallet: Wallet
    def __init__(self, wallet: _Optional[_Union[Wallet, _Mapping]] = ..., opening_balance: _Optional[int] = ..., opening_version: _Optional[int] = ..., opening_at_micros: _Optional[int] = ..., sums: _Optional[_Iterable[_Union[BalanceSum, _Mapping]]] = ..., holds: _Optional[_Iterable[_Union[HoldInfo, _Mapping]]] = ..., freezes: _Optional[_Iterable[_Union[FreezeInfo, _Mapping]]] = ..., frozen_amount: _Optional[int] = ..., limits: _Optional[_Union[WalletLimits, _Mapping]] = ..., limit_uses: _Optional[_Iterable[_Union[LimitUse, _Mapping]]] = ..., last_changes: _Optional[_Iterable[_Union[Transaction, _Mapping]]] = ..., rows_recomputed: _Optional[int] = ..., equal: bool = ..., difference: _Optional[str] = ..., chain_verified_to: _Optional[int] = ..., commit_seq: _Optional[int] = ...) -> None: ...

class FrameLimit(_message.Message):
    __slots__ = ["limit", "rule"]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    limit: int
    rule: str
    def __init__(self, rule: _Optional[str] = ..., limit: _Optional[int] = ...) -> None: ...

class FreezeInfo(_message.Message):
    __slots__ = ["reason", "scope", "since_micros", "until_micros"]
    REASON_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    SINCE_MICROS_FIELD_NUMBER: _ClassVar[int]
    UNTIL_MICROS_FIELD_NUMBER: _ClassVar[int]
    reason: str
    scope: FreezeScope
    since_micros: int
    until_micros: int
    def __init__(self, scope: _Optional[_Union[FreezeScope, str]] = ..., reason: _Optional[str] = ..., since_micros: _Optional[int] = ..., until_micros: _Optional[int] = ...) -> None: ...

class FreezeRequest(_message.Message):
    __slots__ = ["correlation_id", "dry_run", "expected_version", "idempotency_key", "metadata", "note", "occurred_at_micros", "on_behalf_of", "reason", "reference", "scope", "until_micros", "wallet"]
    CORRELATION_ID_FIELD_NUMBER: _ClassVar[int]
    DRY_RUN_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    IDEMPOTENCY_KEY_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_AT_MICROS_FIELD_NUMBER: _ClassVar[int]
    ON_BEHALF_OF_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    UNTIL_MICROS_FIELD_NUMBER: _ClassVar[int]
    WALLET_FIELD_NUMBER: _ClassVar[int]
    correlation_id: str
    dry_run: bool
    expected_version: int
    idempotency_key: str
    metadata: _containers.RepeatedCompositeFieldContainer[MetadataEntry]
    note: str
    occurred_at_micros: int
    on_behalf_of: str
    reason: str
    reference: str
    scope: FreezeScope
    until_micros: int
    wallet: WalletRef
    def __init__(self, wallet: _Optional[_Union[WalletRef, _Mapping]] = ..., idempotency_key: _Optional[str] = ..., reason: _Optional[str] = ..., reference: _Optional[str] = ..., correlation_id: _Optional[str] = ..., note: _Optional[str] = ..., on_behalf_of: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_at_micros: _Optional[int] = ..., metadata: _Optional[_Iterable[_Union[MetadataEntry, _Mapping]]] = ..., dry_run: bool = ..., scope: _Optional[_Union[FreezeScope, str]] = ..., until_micros: _Optional[int] = ...) -> None: ...

class GetBalanceAtRequest(_message.Message):
    __slots__ = ["time_micros", "version", "wallet"]
    TIME_MICROS_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    WALLET_FIELD_NUMBER: _ClassVar[int]
    time_micros: int
    version: int
    wallet: WalletRef
    def __init__(self, wallet: _Optional[_Union[WalletRef, _Mapping]] = ..., time_micros: _Optional[int] = ..., version: _Optional[int] = ...) -> None: ...

class GetBalanceAtResponse(_message.Message):
    __slots__ = ["available", "balance", "commit_seq", "created_at_micros", "currency", "exponent", "held", "overdraft_limit", "transaction_id", "version", "wallet_id"]
    AVAILABLE_FIELD_NUMBER: _ClassVar[int]
    BALANCE_FIELD_NUMBER: _ClassVar[int]
    COMMIT_SEQ_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_MICROS_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    EXPONENT_FIELD_NUMBER: _ClassVar[int]
    HELD_FIELD_NUMBER: _ClassVar[int]
    OVERDRAFT_LIMIT_FIELD_NUMBER: _ClassVar[int]
    TRANSACTION_ID_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    WALLET_ID_FIELD_NUMBER: _ClassVar[int]
    available: int
    balance: int
    commit_seq: int
    created_at_micros: int
    currency: str
    exponent: int
    held: int
    overdraft_limit: int
    transaction_id: int
    version: int
    wallet_id: int
    def __init__(self, wallet_id: _Optional[int] = ..., balance: _Optional[int] = ..., held: _Optional[int] = ..., available: _Optional[int] = ..., overdraft_limit: _Optional[int] = ..., version: _Optional[int] = ..., transaction_id: _Optional[int] = ..., created_at_micros: _Optional[int] = ..., currency: _Optional[str] = ..., exponent: _Optional[int] = ..., commit_seq: _Optional[int] = ...) -> None: ...

class GetBalanceRequest(_message.Message):
    __slots__ = ["wallet"]
    WALLET_FIELD_NUMBER: _ClassVar[int]
    wallet: WalletRef
    def __init__(self, wallet: _Optional[_Union[WalletRef, _Mapping]] = ...) -> None: ...

class GetBalanceResponse(_message.Message):
    __slots__ = ["available", "balance", "commit_seq", "currency", "expiry_pending", "exponent", "held", "overdraft_limit", "version", "wallet_id"]
    AVAILABLE_FIELD_NUMBER: _ClassVar[int]
    BALANCE_FIELD_NUMBER: _ClassVar[int]
    COMMIT_SEQ_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    EXPIRY_PENDING_FIELD_NUMBER: _ClassVar[int]
    EXPONENT_FIELD_NUMBER: _ClassVar[int]
    HELD_FIELD_NUMBER: _ClassVar[int]
    OVERDRAFT_LIMIT_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    WALLET_ID_FIELD_NUMBER: _ClassVar[int]
    available: int
    balance: int
    commit_seq: int
    currency: str
    expiry_pending: bool
    exponent: int
    held: int
    overdraft_limit: int
    version: int
    wallet_id: int
    def __init__(self, wallet_id: _Optional[int] = ..., balance: _Optional[int] = ..., held: _Optional[int] = ..., available: _Optional[int] = ..., version: _Optional[int] = ..., currency: _Optional[str] = ..., exponent: _Optional[int] = ..., overdraft_limit: _Optional[int] = ..., commit_seq: _Optional[int] = ..., expiry_pending: bool = ...) -> None: ...

class GetSchemaRequest(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class GetSchemaResponse(_message.Message):
    __slots__ = ["commit_seq", "digest", "file_descriptor_set"]
    COMMIT_SEQ_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    FILE_DESCRIPTOR_SET_FIELD_NUMBER: _ClassVar[int]
    commit_seq: int
    digest: bytes
    file_descriptor_set: bytes
    def __init__(self, file_descriptor_set: _Optional[bytes] = ..., digest: _Optional[bytes] = ..., commit_seq: _Optional[int] = ...) -> None: ...

class GetServerInfoRequest(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class GetServerInfoResponse(_message.Message):
    __slots__ = ["build", "commit_seq", "epoch", "head", "ledger_id", "limits", "mutations_available", "mutations_unavailable_because", "schema_digest", "server_name", "server_time_micros", "started_at_micros", "storage"]
    BUILD_FIELD_NUMBER: _ClassVar[int]
    COMMIT_SEQ_FIELD_NUMBER: _ClassVar[int]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    HEAD_FIELD_NUMBER: _ClassVar[int]
    LEDGER_ID_FIELD_NUMBER: _ClassVar[int]
    LIMITS_FIELD_NUMBER: _ClassVar[int]
    MUTATIONS_AVAILABLE_FIELD_NUMBER: _ClassVar[int]
    MUTATIONS_UNAVAILABLE_BECAUSE_FIELD_NUMBER: _ClassVar[int]
    SCHEMA_DIGEST_FIELD_NUMBER: _ClassVar[int]
    SERVER_NAME_FIELD_NUMBER: _ClassVar[int]
    SERVER_TIME_MICROS_FIELD_NUMBER: _ClassVar[int]
    STARTED_AT_MICROS_FIELD_NUMBER: _ClassVar[int]
    STORAGE_FIELD_NUMBER: _ClassVar[int]
    build: str
    commit_seq: int
    epoch: int
    head: JournalHead
    ledger_id: str
    limits: Limits
    mutations_available: bool
    mutations_unavailable_because: str
    schema_digest: bytes
    server_name: str
    server_time_micros: int
    started_at_micros: int
    storage: str
    def __init__(self, server_name: _Optional[str] = ..., ledger_id: _Optional[str] = ..., epoch: _Optional[int] = ..., head: _Optional[_Union[JournalHead, _Mapping]] = ..., server_time_micros: _Optional[int] = ..., limits: _Optional[_Union[Limits, _Mapping]] = ..., schema_digest: _Optional[bytes] = ..., storage: _Optional[str] = ..., started_at_micros: _Optional[int] = ..., mutations_available: bool = ..., mutations_unavailable_because: _Optional[str] = ..., commit_seq: _Optional[int] = ..., build: _Optional[str] = ...) -> None: ...

class GetWalletRequest(_message.Message):
    __slots__ = ["wallet"]
    WALLET_FIELD_NUMBER: _ClassVar[int]
    wallet: WalletRef
    def __init__(self, wallet: _Optional[_Union[WalletRef, _Mapping]] = ...) -> None: ...

class GetWalletResponse(_message.Message):
    __slots__ = ["commit_seq", "wallet"]
    COMMIT_SEQ_FIELD_NUMBER: _ClassVar[int]
    WALLET_FIELD_NUMBER: _ClassVar[int]
    commit_seq: int
    wallet: Wallet
    def __init__(self, wallet: _Optional[_Union[Wallet, _Mapping]] = ..., commit_seq: _Optional[int] = ...) -> None: ...

class GoAway(_message.Message):
    __slots__ = ["message"]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    message: str
    def __init__(self, message: _Optional[str] = ...) -> None: ...

class Hello(_message.Message):
    __slots__ = ["client_name", "credentials", "features", "ledger_id", "versions"]
    CLIENT_NAME_FIELD_NUMBER: _ClassVar[int]
    CREDENTIALS_FIELD_NUMBER: _ClassVar[int]
    FEATURES_FIELD_NUMBER: _ClassVar[int]
    LEDGER_ID_FIELD_NUMBER: _ClassVar[int]
    VERSIONS_FIELD_NUMBER: _ClassVar[int]
    client_name: str
    credentials: Credentials
    features: _containers.RepeatedScalarFieldContainer[str]
    ledger_id: str
    versions: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, versions: _Optional[_Iterable[int]] = ..., client_name: _Optional[str] = ..., credentials: _Optional[_Union[Credentials, _Mapping]] = ..., features: _Optional[_Iterable[str]] = ..., ledger_id: _Optional[str] = ...) -> None: ...

class HelloAck(_message.Message):
    __slots__ = ["epoch", "features", "ledger_id", "limits", "principal", "schema_digest", "scopes", "server_name", "server_time_micros", "version"]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    FEATURES_FIELD_NUMBER: _ClassVar[int]
    LEDGER_ID_FIELD_NUMBER: _ClassVar[int]
    LIMITS_FIELD_NUMBER: _ClassVar[int]
    PRINCIPAL_FIELD_NUMBER: _ClassVar[int]
    SCHEMA_DIGEST_FIELD_NUMBER: _ClassVar[int]
    SCOPES_FIELD_NUMBER: _ClassVar[int]
    SERVER_NAME_FIELD_NUMBER: _ClassVar[int]
    SERVER_TIME_MICROS_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    epoch: int
    features: _containers.RepeatedScalarFieldContainer[str]
    ledger_id: str
    limits: Limits
    principal: str
    schema_digest: bytes
    scopes: _containers.RepeatedScalarFieldContainer[str]
    server_name: str
    server_time_micros: int
    version: int
    def __init__(self, version: _Optional[int] = ..., server_name: _Optional[str] = ..., principal: _Optional[str] = ..., scopes: _Optional[_Iterable[str]] = ..., features: _Optional[_Iterable[str]] = ..., limits: _Optional[_Union[Limits, _Mapping]] = ..., server_time_micros: _Optional[int] = ..., schema_digest: _Optional[bytes] = ..., ledger_id: _Optional[str] = ..., epoch: _Optional[int] = ...) -> None: ...

class HoldDetail(_message.Message):
    __slots__ = ["at_micros", "hold_id", "remaining"]
    AT_MICROS_FIELD_NUMBER: _ClassVar[int]
    HOLD_ID_FIELD_NUMBER: _ClassVar[int]
    REMAINING_FIELD_NUMBER: _ClassVar[int]
    at_micros: int
    hold_id: int
    remaining: int
    def __init__(self, hold_id: _Optional[int] = ..., at_micros: _Optional[int] = ..., remaining: _Optional[int] = ...) -> None: ...

class HoldInfo(_message.Message):
    __slots__ = ["amount", "captured", "created_at_micros", "ends_at_micros", "hold_id", "reason", "reference", "remaining"]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    CAPTURED_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_MICROS_FIELD_NUMBER: _ClassVar[int]
    ENDS_AT_MICROS_FIELD_NUMBER: _ClassVar[int]
    HOLD_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    REMAINING_FIELD_NUMBER: _ClassVar[int]
    amount: int
    captured: int
    created_at_micros: int
    ends_at_micros: int
    hold_id: int
    reason: str
    reference: str
    remaining: int
    def __init__(self, hold_id: _Optional[int] = ..., amount: _Optional[int] = ..., captured: _Optional[int] = ..., remaining: _Optional[int] = ..., created_at_micros: _Optional[int] = ..., ends_at_micros: _Optional[int] = ..., reason: _Optional[str] = ..., reference: _Optional[str] = ...) -> None: ...

class HoldRequest(_message.Message):
    __slots__ = ["amount", "correlation_id", "dry_run", "expected_version", "idempotency_key", "metadata", "note", "occurred_at_micros", "on_behalf_of", "reason", "reference", "timeout_millis", "wallet"]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    CORRELATION_ID_FIELD_NUMBER: _ClassVar[int]
    DRY_RUN_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    IDEMPOTENCY_KEY_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_AT_MICROS_FIELD_NUMBER: _ClassVar[int]
    ON_BEHALF_OF_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    TIMEOUT_MILLIS_FIELD_NUMBER: _ClassVar[int]
    WALLET_FIELD_NUMBER: _ClassVar[int]
    amount: int
    correlation_id: str
    dry_run: bool
    expected_version: int
    idempotency_key: str
    metadata: _containers.RepeatedCompositeFieldContainer[MetadataEntry]
    note: str
    occurred_at_micros: int
    on_behalf_of: str
    reason: str
    reference: str
    timeout_millis: int
    wallet: WalletRef
    def __init__(self, wallet: _Optional[_Union[WalletRef, _Mapping]] = ..., amount: _Optional[int] = ..., idempotency_key: _Optional[str] = ..., reason: _Optional[str] = ..., reference: _Optional[str] = ..., correlation_id: _Optional[str] = ..., note: _Optional[str] = ..., on_behalf_of: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_at_micros: _Optional[int] = ..., metadata: _Optional[_Iterable[_Union[MetadataEntry, _Mapping]]] = ..., dry_run: bool = ..., timeout_millis: _Optional[int] = ...) -> None: ...

class IdempotencyMismatch(_message.Message):
    __slots__ = ["field"]
    FIELD_FIELD_NUMBER: _ClassVar[int]
    field: str
    def __init__(self, field: _Optional[str] = ...) -> None: ...

class InsufficientFunds(_message.Message):
    __slots__ = ["available", "balance", "held", "overdraft_limit", "requested", "shortfall", "version"]
    AVAILABLE_FIELD_NUMBER: _ClassVar[int]
    BALANCE_FIELD_NUMBER: _ClassVar[int]
    HELD_FIELD_NUMBER: _ClassVar[int]
    OVERDRAFT_LIMIT_FIELD_NUMBER: _ClassVar[int]
    REQUESTED_FIELD_NUMBER: _ClassVar[int]
    SHORTFALL_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    available: int
    balance: int
    held: int
    overdraft_limit: int
    requested: int
    shortfall: int
    version: int
    def __init__(self, requested: _Optional[int] = ..., available: _Optional[int] = ..., balance: _Optional[int] = ..., held: _Optional[int] = ..., overdraft_limit: _Optional[int] = ..., shortfall: _Optional[int] = ..., version: _Optional[int] = ...) -> None: ...

class Internal(_message.Message):
    __slots__ = ["id"]
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class InvalidArgument(_message.Message):
    __slots__ = ["field", "rule"]
    FIELD_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    field: str
    rule: str
    def __init__(self, field: _Optional[str] = ..., rule: _Optional[str] = ...) -> None: ...

class JournalHead(_message.Message):
    __slots__ = ["digest", "seq"]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    digest: bytes
    seq: int
    def __init__(self, seq: _Optional[int] = ..., digest: _Optional[bytes] = ...) -> None: ...

class LimitExceeded(_message.Message):
    __slots__ = ["kind", "limit", "remaining", "used", "window_end_micros"]
    KIND_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    REMAINING_FIELD_NUMBER: _ClassVar[int]
    USED_FIELD_NUMBER: _ClassVar[int]
    WINDOW_END_MICROS_FIELD_NUMBER: _ClassVar[int]
    kind: LimitKind
    limit: int
    remaining: int
    used: int
    window_end_micros: int
    def __init__(self, kind: _Optional[_Union[LimitKind, str]] = ..., limit: _Optional[int] = ..., used: _Optional[int] = ..., remaining: _Optional[int] = ..., window_end_micros: _Optional[int] = ...) -> None: ...

class LimitUse(_message.Message):
    __slots__ = ["kind", "limit", "remaining", "used", "window_end_micros"]
    KIND_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    REMAINING_FIELD_NUMBER: _ClassVar[int]
    USED_FIELD_NUMBER: _ClassVar[int]
    WINDOW_END_MICROS_FIELD_NUMBER: _ClassVar[int]
    kind: LimitKind
    limit: int
    remaining: int
    used: int
    window_end_micros: int
    def __init__(self, kind: _Optional[_Union[LimitKind, str]] = ..., limit: _Optional[int] = ..., used: _Optional[int] = ..., remaining: _Optional[int] = ..., window_end_micros: _Optional[int] = ...) -> None: ...

class Limits(_message.Message):
    __slots__ = ["batch_request_bytes_max", "default_deadline_millis", "idle_timeout_millis", "request_bytes_max", "requests_in_flight_max", "response_bytes_max"]
    BATCH_REQUEST_BYTES_MAX_FIELD_NUMBER: _ClassVar[int]
    DEFAULT_DEADLINE_MILLIS_FIELD_NUMBER: _ClassVar[int]
    IDLE_TIMEOUT_MILLIS_FIELD_NUMBER: _ClassVar[int]
    REQUESTS_IN_FLIGHT_MAX_FIELD_NUMBER: _ClassVar[int]
    REQUEST_BYTES_MAX_FIELD_NUMBER: _ClassVar[int]
    RESPONSE_BYTES_MAX_FIELD_NUMBER: _ClassVar[int]
    batch_request_bytes_max: int
    default_deadline_millis: int
    idle_timeout_millis: int
    request_bytes_max: int
    requests_in_flight_max: int
    response_bytes_max: int
    def __init__(self, request_bytes_max: _Optional[int] = ..., batch_request_bytes_max: _Optional[int] = ..., response_bytes_max: _Optional[int] = ..., requests_in_flight_max: _Optional[int] = ..., idle_timeout_millis: _Optional[int] = ..., default_deadline_millis: _Optional[int] = ...) -> None: ...

class ListRefusalsRequest(_message.Message):
    __slots__ = ["actor", "before_micros", "cursor", "from_micros", "oldest_first", "owner_id", "page_size", "reasons", "wallet"]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    BEFORE_MICROS_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    FROM_MICROS_FIELD_NUMBER: _ClassVar[int]
    OLDEST_FIRST_FIELD_NUMBER: _ClassVar[int]
    OWNER_ID_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    WALLET_FIELD_NUMBER: _ClassVar[int]
    actor: str
    before_micros: int
    cursor: str
    from_micros: int
    oldest_first: bool
    owner_id: str
    page_size: int
    reasons: _containers.RepeatedScalarFieldContainer[ErrorReason]
    wallet: WalletRef
    def __init__(self, wallet: _Optional[_Union[WalletRef, _Mapping]] = ..., page_size: _Optional[int] = ..., cursor: _Optional[str] = ..., oldest_first: bool = ..., from_micros: _Optional[int] = ..., before_micros: _Optional[int] = ..., reasons: _Optional[_Iterable[_Union[ErrorReason, str]]] = ..., actor: _Optional[str] = ..., owner_id: _Optional[str] = ...) -> None: ...

class ListRefusalsResponse(_message.Message):
    __slots__ = ["commit_seq", "next_cursor", "refusals"]
    COMMIT_SEQ_FIELD_NUMBER: _ClassVar[int]
    NEXT_CURSOR_FIELD_NUMBER: _ClassVar[int]
    REFUSALS_FIELD_NUMBER: _ClassVar[int]
    commit_seq: int
    next_cursor: str
    refusals: _containers.RepeatedCompositeFieldContainer[Refusal]
    def __init__(self, refusals: _Optional[_Iterable[_Union[Refusal, _Mapping]]] = ..., next_cursor: _Optional[str] = ..., commit_seq: _Optional[int] = ...) -> None: ...

class ListTokensRequest(_message.Message):
    __slots__ = ["cursor", "page_size", "principal", "with_revoked"]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PRINCIPAL_FIELD_NUMBER: _ClassVar[int]
    WITH_REVOKED_FIELD_NUMBER: _ClassVar[int]
    cursor: str
    page_size: int
    principal: str
    with_revoked: bool
    def __init__(self, principal: _Optional[str] = ..., page_size: _Optional[int] = ..., cursor: _Optional[str] = ..., with_revoked: bool = ...) -> None: ...

class ListTokensResponse(_message.Message):
    __slots__ = ["commit_seq", "next_cursor", "tokens"]
    COMMIT_SEQ_FIELD_NUMBER: _ClassVar[int]
    NEXT_CURSOR_FIELD_NUMBER: _ClassVar[int]
    TOKENS_FIELD_NUMBER: _ClassVar[int]
    commit_seq: int
    next_cursor: str
    tokens: _containers.RepeatedCompositeFieldContainer[Token]
    def __init__(self, tokens: _Optional[_Iterable[_Union[Token, _Mapping]]] = ..., next_cursor: _Optional[str] = ..., commit_seq: _Optional[int] = ...) -> None: ...

class ListTransactionsRequest(_message.Message):
    __slots__ = ["cursor", "filter", "oldest_first", "page_size", "wallet"]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    OLDEST_FIRST_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    WALLET_FIELD_NUMBER: _ClassVar[int]
    cursor: str
    filter: TransactionFilter
    oldest_first: bool
    page_size: int
    wallet: WalletRef
    def __init__(self, wallet: _Optional[_Union[WalletRef, _Mapping]] = ..., page_size: _Optional[int] = ..., cursor: _Optional[str] = ..., oldest_first: bool = ..., filter: _Optional[_Union[TransactionFilter, _Mapping]] = ...) -> None: ...

class ListTransactionsResponse(_message.Message):
    __slots__ = ["commit_seq", "currency", "exponent", "next_cursor", "transactions"]
    COMMIT_SEQ_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    EXPONENT_FIELD_NUMBER: _ClassVar[int]
    NEXT_CURSOR_FIELD_NUMBER: _ClassVar[int]
    TRANSACTIONS_FIELD_NUMBER: _ClassVar[int]
    commit_seq: int
    currency: str
    exponent: int
    next_cursor: str
    transactions: _containers.RepeatedCompositeFieldContainer[Transaction]
    def __init__(self, transactions: _Optional[_Iterable[_Union[Transaction, _Mapping]]] = ..., next_cursor: _Optional[str] = ..., currency: _Optional[str] = ..., exponent: _Optional[int] = ..., commit_seq: _Optional[int] = ...) -> None: ...

class ListWalletsRequest(_message.Message):
    __slots__ = ["cursor", "owner_id", "page_size"]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    OWNER_ID_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    cursor: str
    owner_id: str
    page_size: int
    def __init__(self, owner_id: _Optional[str] = ..., page_size: _Optional[int] = ..., cursor: _Optional[str] = ...) -> None: ...

class ListWalletsResponse(_message.Message):
    __slots__ = ["commit_seq", "next_cursor", "wallets"]
    COMMIT_SEQ_FIELD_NUMBER: _ClassVar[int]
    NEXT_CURSOR_FIELD_NUMBER: _ClassVar[int]
    WALLETS_FIELD_NUMBER: _ClassVar[int]
    commit_seq: int
    next_cursor: str
    wallets: _containers.RepeatedCompositeFieldContainer[Wallet]
    def __init__(self, wallets: _Optional[_Iterable[_Union[Wallet, _Mapping]]] = ..., next_cursor: _Optional[str] = ..., commit_seq: _Optional[int] = ...) -> None: ...

class MaxBalanceExceeded(_message.Message):
    __slots__ = ["balance", "limit", "remaining"]
    BALANCE_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    REMAINING_FIELD_NUMBER: _ClassVar[int]
    balance: int
    limit: int
    remaining: int
    def __init__(self, limit: _Optional[int] = ..., balance: _Optional[int] = ..., remaining: _Optional[int] = ...) -> None: ...

class MetadataEntry(_message.Message):
    __slots__ = ["key", "value"]
    KEY_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    key: str
    value: str
    def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...

class MutationResponse(_message.Message):
    __slots__ = ["available", "balance", "commit_seq", "currency", "dry_run", "exponent", "held", "replayed", "transaction", "version"]
    AVAILABLE_FIELD_NUMBER: _ClassVar[int]
    BALANCE_FIELD_NUMBER: _ClassVar[int]
    COMMIT_SEQ_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DRY_RUN_FIELD_NUMBER: _ClassVar[int]
    EXPONENT_FIELD_NUMBER: _ClassVar[int]
    HELD_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    TRANSACTION_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    available: int
    balance: int
    commit_seq: int
    currency: str
    dry_run: bool
    exponent: int
    held: int
    replayed: bool
    transaction: Transaction
    version: int
    def __init__(self, transaction: _Optional[_Union[Transaction, _Mapping]] = ..., balance: _Optional[int] = ..., held: _Optional[int] = ..., available: _Optional[int] = ..., version: _Optional[int] = ..., currency: _Optional[str] = ..., exponent: _Optional[int] = ..., replayed: bool = ..., commit_seq: _Optional[int] = ..., dry_run: bool = ...) -> None: ...

class OpenWalletRequest(_message.Message):
    __slots__ = ["correlation_id", "dry_run", "idempotency_key", "metadata", "note", "occurred_at_micros", "on_behalf_of", "reason", "reference", "wallet"]
    CORRELATION_ID_FIELD_NUMBER: _ClassVar[int]
    DRY_RUN_FIELD_NUMBER: _ClassVar[int]
    IDEMPOTENCY_KEY_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_AT_MICROS_FIELD_NUMBER: _ClassVar[int]
    ON_BEHALF_OF_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    WALLET_FIELD_NUMBER: _ClassVar[int]
    correlation_id: str
    dry_run: bool
    idempotency_key: str
    metadata: _containers.RepeatedCompositeFieldContainer[MetadataEntry]
    note: str
    occurred_at_micros: int
    on_behalf_of: str
    reason: str
    reference: str
    wallet: WalletRef
    def __init__(self, wallet: _Optional[_Union[WalletRef, _Mapping]] = ..., idempotency_key: _Optional[str] = ..., reason: _Optional[str] = ..., reference: _Optional[str] = ..., correlation_id: _Optional[str] = ..., note: _Optional[str] = ..., on_behalf_of: _Optional[str] = ..., occurred_at_micros: _Optional[int] = ..., metadata: _Optional[_Iterable[_Union[MetadataEntry, _Mapping]]] = ..., dry_run: bool = ...) -> None: ...

class PingRequest(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class PingResponse(_message.Message):
    __slots__ = ["commit_seq", "server_time_micros"]
    COMMIT_SEQ_FIELD_NUMBER: _ClassVar[int]
    SERVER_TIME_MICROS_FIELD_NUMBER: _ClassVar[int]
    commit_seq: int
    server_time_micros: int
    def __init__(self, server_time_micros: _Optional[int] = ..., commit_seq: _Optional[int] = ...) -> None: ...

class RefundExceeds(_message.Message):
    __slots__ = ["original", "refunded", "remaining"]
    ORIGINAL_FIELD_NUMBER: _ClassVar[int]
    REFUNDED_FIELD_NUMBER: _ClassVar[int]
    REMAINING_FIELD_NUMBER: _ClassVar[int]
    original: int
    refunded: int
    remaining: int
    def __init__(self, original: _Optional[int] = ..., refunded: _Optional[int] = ..., remaining: _Optional[int] = ...) -> None: ...

class RefundRequest(_message.Message):
    __slots__ = ["amount", "correlation_id", "counter_account", "currency", "dry_run", "expected_version", "idempotency_key", "metadata", "note", "occurred_at_micros", "on_behalf_of", "reason", "reference", "transaction_id"]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    CORRELATION_ID_FIELD_NUMBER: _ClassVar[int]
    COUNTER_ACCOUNT_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DRY_RUN_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    IDEMPOTENCY_KEY_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_AT_MICROS_FIELD_NUMBER: _ClassVar[int]
    ON_BEHALF_OF_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    TRANSACTION_ID_FIELD_NUMBER: _ClassVar[int]
    amount: int
    correlation_id: str
    counter_account: str
    currency: str
    dry_run: bool
    expected_version: int
    idempotency_key: str
    metadata: _containers.RepeatedCompositeFieldContainer[MetadataEntry]
    note: str
    occurred_at_micros: int
    on_behalf_of: str
    reason: str
    reference: str
    transaction_id: int
    def __init__(self, amount: _Optional[int] = ..., idempotency_key: _Optional[str] = ..., reason: _Optional[str] = ..., reference: _Optional[str] = ..., correlation_id: _Optional[str] = ..., note: _Optional[str] = ..., on_behalf_of: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_at_micros: _Optional[int] = ..., counter_account: _Optional[str] = ..., metadata: _Optional[_Iterable[_Union[MetadataEntry, _Mapping]]] = ..., dry_run: bool = ..., transaction_id: _Optional[int] = ..., currency: _Optional[str] = ...) -> None: ...

class Refusal(_message.Message):
    __slots__ = ["actor", "amount", "client_name", "correlation_id", "counter_account", "created_at_micros", "currency", "digest", "error", "exponent", "id", "idempotency_key", "lane", "metadata", "note", "occurred_at_micros", "on_behalf_of", "reason", "reference", "request_digest", "row_format", "source", "verb", "wallet", "wallet_id"]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    CLIENT_NAME_FIELD_NUMBER: _ClassVar[int]
    CORRELATION_ID_FIELD_NUMBER: _ClassVar[int]
    COUNTER_ACCOUNT_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_MICROS_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    EXPONENT_FIELD_NUMBER: _ClassVar[int]
    IDEMPOTENCY_KEY_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    LANE_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_AT_MICROS_FIELD_NUMBER: _ClassVar[int]
    ON_BEHALF_OF_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    REQUEST_DIGEST_FIELD_NUMBER: _ClassVar[int]
    ROW_FORMAT_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    VERB_FIELD_NUMBER: _ClassVar[int]
    WALLET_FIELD_NUMBER: _ClassVar[int]
    WALLET_ID_FIELD_NUMBER: _ClassVar[int]
    actor: str
    amount: int
    client_name: str
    correlation_id: str
    counter_account: str
    created_at_micros: int
    currency: str
    digest: bytes
    error: Error
    exponent: int
    id: int
    idempotency_key: str
    lane: int
    metadata: _containers.RepeatedCompositeFieldContainer[MetadataEntry]
    note: str
    occurred_at_micros: int
    on_behalf_of: str
    reason: str
    reference: str
    request_digest: bytes
    row_format: int
    source: str
    verb: Method
    wallet: WalletRef
    wallet_id: int
    def __init__(self, id: _Optional[int] = ..., verb: _Optional[_Union[Method, str]] = ..., error: _Optional[_Union[Error, _Mapping]] = ..., wallet_id: _Optional[int] = ..., wallet: _Optional[_Union[WalletRef, _Mapping]] = ..., amount: _Optional[int] = ..., counter_account: _Optional[str] = ..., currency: _Optional[str] = ..., exponent: _Optional[int] = ..., actor: _Optional[str] = ..., on_behalf_of: _Optional[str] = ..., reason: _Optional[str] = ..., note: _Optional[str] = ..., reference: _Optional[str] = ..., idempotency_key: _Optional[str] = ..., request_digest: _Optional[bytes] = ..., correlation_id: _Optional[str] = ..., source: _Optional[str] = ..., client_name: _Optional[str] = ..., metadata: _Optional[_Iterable[_Union[MetadataEntry, _Mapping]]] = ..., occurred_at_micros: _Optional[int] = ..., created_at_micros: _Optional[int] = ..., digest: _Optional[bytes] = ..., lane: _Optional[int] = ..., row_format: _Optional[int] = ...) -> None: ...

class RegisterCurrencyRequest(_message.Message):
    __slots__ = ["code", "correlation_id", "dry_run", "exponent", "idempotency_key", "metadata", "note", "occurred_at_micros", "on_behalf_of", "reason", "reference"]
    CODE_FIELD_NUMBER: _ClassVar[int]
    CORRELATION_ID_FIELD_NUMBER: _ClassVar[int]
    DRY_RUN_FIELD_NUMBER: _ClassVar[int]
    EXPONENT_FIELD_NUMBER: _ClassVar[int]
    IDEMPOTENCY_KEY_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_AT_MICROS_FIELD_NUMBER: _ClassVar[int]
    ON_BEHALF_OF_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    code: str
    correlation_id: str
    dry_run: bool
    exponent: int
    idempotency_key: str
    metadata: _containers.RepeatedCompositeFieldContainer[MetadataEntry]
    note: str
    occurred_at_micros: int
    on_behalf_of: str
    reason: str
    reference: str
    def __init__(self, code: _Optional[str] = ..., exponent: _Optional[int] = ..., idempotency_key: _Optional[str] = ..., reason: _Optional[str] = ..., reference: _Optional[str] = ..., correlation_id: _Optional[str] = ..., note: _Optional[str] = ..., on_behalf_of: _Optional[str] = ..., occurred_at_micros: _Optional[int] = ..., metadata: _Optional[_Iterable[_Union[MetadataEntry, _Mapping]]] = ..., dry_run: bool = ...) -> None: ...

class ReleaseRequest(_message.Message):
    __slots__ = ["correlation_id", "dry_run", "expected_version", "hold_id", "idempotency_key", "metadata", "note", "occurred_at_micros", "on_behalf_of", "reason", "reference"]
    CORRELATION_ID_FIELD_NUMBER: _ClassVar[int]
    DRY_RUN_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    HOLD_ID_FIELD_NUMBER: _ClassVar[int]
    IDEMPOTENCY_KEY_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_AT_MICROS_FIELD_NUMBER: _ClassVar[int]
    ON_BEHALF_OF_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    correlation_id: str
    dry_run: bool
    expected_version: int
    hold_id: int
    idempotency_key: str
    metadata: _containers.RepeatedCompositeFieldContainer[MetadataEntry]
    note: str
    occurred_at_micros: int
    on_behalf_of: str
    reason: str
    reference: str
    def __init__(self, idempotency_key: _Optional[str] = ..., reason: _Optional[str] = ..., reference: _Optional[str] = ..., correlation_id: _Optional[str] = ..., note: _Optional[str] = ..., on_behalf_of: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_at_micros: _Optional[int] = ..., metadata: _Optional[_Iterable[_Union[MetadataEntry, _Mapping]]] = ..., dry_run: bool = ..., hold_id: _Optional[int] = ...) -> None: ...

class RetryAfter(_message.Message):
    __slots__ = ["retry_after_millis"]
    RETRY_AFTER_MILLIS_FIELD_NUMBER: _ClassVar[int]
    retry_after_millis: int
    def __init__(self, retry_after_millis: _Optional[int] = ...) -> None: ...

class RevokeTokenRequest(_message.Message):
    __slots__ = ["correlation_id", "dry_run", "idempotency_key", "metadata", "note", "occurred_at_micros", "on_behalf_of", "reason", "reference", "token_id"]
    CORRELATION_ID_FIELD_NUMBER: _ClassVar[int]
    DRY_RUN_FIELD_NUMBER: _ClassVar[int]
    IDEMPOTENCY_KEY_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_AT_MICROS_FIELD_NUMBER: _ClassVar[int]
    ON_BEHALF_OF_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    TOKEN_ID_FIELD_NUMBER: _ClassVar[int]
    correlation_id: str
    dry_run: bool
    idempotency_key: str
    metadata: _containers.RepeatedCompositeFieldContainer[MetadataEntry]
    note: str
    occurred_at_micros: int
    on_behalf_of: str
    reason: str
    reference: str
    token_id: int
    def __init__(self, token_id: _Optional[int] = ..., idempotency_key: _Optional[str] = ..., reason: _Optional[str] = ..., reference: _Optional[str] = ..., correlation_id: _Optional[str] = ..., note: _Optional[str] = ..., on_behalf_of: _Optional[str] = ..., occurred_at_micros: _Optional[int] = ..., metadata: _Optional[_Iterable[_Union[MetadataEntry, _Mapping]]] = ..., dry_run: bool = ...) -> None: ...

class ScopeDetail(_message.Message):
    __slots__ = ["max_amount", "omitted", "rule", "scope"]
    MAX_AMOUNT_FIELD_NUMBER: _ClassVar[int]
    OMITTED_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    max_amount: int
    omitted: int
    rule: str
    scope: str
    def __init__(self, scope: _Optional[str] = ..., rule: _Optional[str] = ..., max_amount: _Optional[int] = ..., omitted: _Optional[int] = ...) -> None: ...

class SetLimitsRequest(_message.Message):
    __slots__ = ["correlation_id", "dry_run", "expected_version", "idempotency_key", "limits", "metadata", "note", "occurred_at_micros", "on_behalf_of", "reason", "reference", "wallet"]
    CORRELATION_ID_FIELD_NUMBER: _ClassVar[int]
    DRY_RUN_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    IDEMPOTENCY_KEY_FIELD_NUMBER: _ClassVar[int]
    LIMITS_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_AT_MICROS_FIELD_NUMBER: _ClassVar[int]
    ON_BEHALF_OF_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    WALLET_FIELD_NUMBER: _ClassVar[int]
    correlation_id: str
    dry_run: bool
    expected_version: int
    idempotency_key: str
    limits: WalletLimits
    metadata: _containers.RepeatedCompositeFieldContainer[MetadataEntry]
    note: str
    occurred_at_micros: int
    on_behalf_of: str
    reason: str
    reference: str
    wallet: WalletRef
    def __init__(self, wallet: _Optional[_Union[WalletRef, _Mapping]] = ..., idempotency_key: _Optional[str] = ..., reason: _Optional[str] = ..., reference: _Optional[str] = ..., correlation_id: _Optional[str] = ..., note: _Optional[str] = ..., on_behalf_of: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_at_micros: _Optional[int] = ..., metadata: _Optional[_Iterable[_Union[MetadataEntry, _Mapping]]] = ..., dry_run: bool = ..., limits: _Optional[_Union[WalletLimits, _Mapping]] = ...) -> None: ...

class StreamEnd(_message.Message):
    __slots__ = ["resume_token"]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    resume_token: str
    def __init__(self, resume_token: _Optional[str] = ...) -> None: ...

class Token(_message.Message):
    __slots__ = ["certificate_name", "created_at_micros", "currencies", "expires_at_micros", "kind", "max_amount", "owner_prefix", "principal", "revoked_at_micros", "scopes", "token_id", "unix_user"]
    CERTIFICATE_NAME_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_MICROS_FIELD_NUMBER: _ClassVar[int]
    CURRENCIES_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_AT_MICROS_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    MAX_AMOUNT_FIELD_NUMBER: _ClassVar[int]
    OWNER_PREFIX_FIELD_NUMBER: _ClassVar[int]
    PRINCIPAL_FIELD_NUMBER: _ClassVar[int]
    REVOKED_AT_MICROS_FIELD_NUMBER: _ClassVar[int]
    SCOPES_FIELD_NUMBER: _ClassVar[int]
    TOKEN_ID_FIELD_NUMBER: _ClassVar[int]
    UNIX_USER_FIELD_NUMBER: _ClassVar[int]
    certificate_name: str
    created_at_micros: int
    currencies: _containers.RepeatedScalarFieldContainer[str]
    expires_at_micros: int
    kind: TokenKind
    max_amount: int
    owner_prefix: str
    principal: str
    revoked_at_micros: int
    scopes: _containers.RepeatedScalarFieldContainer[str]
    token_id: int
    unix_user: int
    def __init__(self, token_id: _Optional[int] = ..., principal: _Optional[str] = ..., certificate_name: _Optional[str] = ..., unix_user: _Optional[int] = ..., kind: _Optional[_Union[TokenKind, str]] = ..., scopes: _Optional[_Iterable[str]] = ..., currencies: _Optional[_Iterable[str]] = ..., owner_prefix: _Optional[str] = ..., max_amount: _Optional[int] = ..., expires_at_micros: _Optional[int] = ..., created_at_micros: _Optional[int] = ..., revoked_at_micros: _Optional[int] = ...) -> None: ...

class Transaction(_message.Message):
    __slots__ = ["actor", "amount", "balance", "client_name", "correlation_id", "counter_account", "counter_wallet_id", "created_at_micros", "detail", "digest", "held", "held_change", "hold_id", "id", "idempotency_key", "kind", "lane", "metadata", "note", "occurred_at_micros", "on_behalf_of", "overdraft_limit", "reason", "reference", "related_transaction_id", "request_digest", "row_format", "source", "wallet_id", "wallet_version"]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    BALANCE_FIELD_NUMBER: _ClassVar[int]
    CLIENT_NAME_FIELD_NUMBER: _ClassVar[int]
    CORRELATION_ID_FIELD_NUMBER: _ClassVar[int]
    COUNTER_ACCOUNT_FIELD_NUMBER: _ClassVar[int]
    COUNTER_WALLET_ID_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_MICROS_FIELD_NUMBER: _ClassVar[int]
    DETAIL_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    HELD_CHANGE_FIELD_NUMBER: _ClassVar[int]
    HELD_FIELD_NUMBER: _ClassVar[int]
    HOLD_ID_FIELD_NUMBER: _ClassVar[int]
    IDEMPOTENCY_KEY_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    LANE_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_AT_MICROS_FIELD_NUMBER: _ClassVar[int]
    ON_BEHALF_OF_FIELD_NUMBER: _ClassVar[int]
    OVERDRAFT_LIMIT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    RELATED_TRANSACTION_ID_FIELD_NUMBER: _ClassVar[int]
    REQUEST_DIGEST_FIELD_NUMBER: _ClassVar[int]
    ROW_FORMAT_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    WALLET_ID_FIELD_NUMBER: _ClassVar[int]
    WALLET_VERSION_FIELD_NUMBER: _ClassVar[int]
    actor: str
    amount: int
    balance: int
    client_name: str
    correlation_id: str
    counter_account: str
    counter_wallet_id: int
    created_at_micros: int
    detail: bytes
    digest: bytes
    held: int
    held_change: int
    hold_id: int
    id: int
    idempotency_key: str
    kind: TransactionKind
    lane: int
    metadata: _containers.RepeatedCompositeFieldContainer[MetadataEntry]
    note: str
    occurred_at_micros: int
    on_behalf_of: str
    overdraft_limit: int
    reason: str
    reference: str
    related_transaction_id: int
    request_digest: bytes
    row_format: int
    source: str
    wallet_id: int
    wallet_version: int
    def __init__(self, id: _Optional[int] = ..., kind: _Optional[_Union[TransactionKind, str]] = ..., wallet_id: _Optional[int] = ..., wallet_version: _Optional[int] = ..., amount: _Optional[int] = ..., held_change: _Optional[int] = ..., balance: _Optional[int] = ..., held: _Optional[int] = ..., overdraft_limit: _Optional[int] = ..., counter_account: _Optional[str] = ..., counter_wallet_id: _Optional[int] = ..., hold_id: _Optional[int] = ..., related_transaction_id: _Optional[int] = ..., actor: _Optional[str] = ..., on_behalf_of: _Optional[str] = ..., reason: _Optional[str] = ..., note: _Optional[str] = ..., reference: _Optional[str] = ..., idempotency_key: _Optional[str] = ..., request_digest: _Optional[bytes] = ..., correlation_id: _Optional[str] = ..., source: _Optional[str] = ..., client_name: _Optional[str] = ..., metadata: _Optional[_Iterable[_Union[MetadataEntry, _Mapping]]] = ..., occurred_at_micros: _Optional[int] = ..., created_at_micros: _Optional[int] = ..., detail: _Optional[bytes] = ..., digest: _Optional[bytes] = ..., lane: _Optional[int] = ..., row_format: _Optional[int] = ...) -> None: ...

class TransactionDetail(_message.Message):
    __slots__ = ["transaction_id"]
    TRANSACTION_ID_FIELD_NUMBER: _ClassVar[int]
    transaction_id: int
    def __init__(self, transaction_id: _Optional[int] = ...) -> None: ...

class TransactionFilter(_message.Message):
    __slots__ = ["actor", "before_micros", "from_micros", "kinds", "max_amount", "min_amount", "reason", "reference"]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    BEFORE_MICROS_FIELD_NUMBER: _ClassVar[int]
    FROM_MICROS_FIELD_NUMBER: _ClassVar[int]
    KINDS_FIELD_NUMBER: _ClassVar[int]
    MAX_AMOUNT_FIELD_NUMBER: _ClassVar[int]
    MIN_AMOUNT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    actor: str
    before_micros: int
    from_micros: int
    kinds: _containers.RepeatedScalarFieldContainer[TransactionKind]
    max_amount: int
    min_amount: int
    reason: str
    reference: str
    def __init__(self, from_micros: _Optional[int] = ..., before_micros: _Optional[int] = ..., kinds: _Optional[_Iterable[_Union[TransactionKind, str]]] = ..., reason: _Optional[str] = ..., actor: _Optional[str] = ..., reference: _Optional[str] = ..., min_amount: _Optional[int] = ..., max_amount: _Optional[int] = ...) -> None: ...

class TransferRequest(_message.Message):
    __slots__ = ["amount", "correlation_id", "dry_run", "expected_version", "idempotency_key", "metadata", "note", "occurred_at_micros", "on_behalf_of", "reason", "reference", "to", "wallet"]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    CORRELATION_ID_FIELD_NUMBER: _ClassVar[int]
    DRY_RUN_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    IDEMPOTENCY_KEY_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_AT_MICROS_FIELD_NUMBER: _ClassVar[int]
    ON_BEHALF_OF_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    TO_FIELD_NUMBER: _ClassVar[int]
    WALLET_FIELD_NUMBER: _ClassVar[int]
    amount: int
    correlation_id: str
    dry_run: bool
    expected_version: int
    idempotency_key: str
    metadata: _containers.RepeatedCompositeFieldContainer[MetadataEntry]
    note: str
    occurred_at_micros: int
    on_behalf_of: str
    reason: str
    reference: str
    to: WalletRef
    wallet: WalletRef
    def __init__(self, wallet: _Optional[_Union[WalletRef, _Mapping]] = ..., amount: _Optional[int] = ..., idempotency_key: _Optional[str] = ..., reason: _Optional[str] = ..., reference: _Optional[str] = ..., correlation_id: _Optional[str] = ..., note: _Optional[str] = ..., on_behalf_of: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_at_micros: _Optional[int] = ..., metadata: _Optional[_Iterable[_Union[MetadataEntry, _Mapping]]] = ..., dry_run: bool = ..., to: _Optional[_Union[WalletRef, _Mapping]] = ...) -> None: ...

class TransferResponse(_message.Message):
    __slots__ = ["commit_seq", "destination", "dry_run", "replayed", "source"]
    COMMIT_SEQ_FIELD_NUMBER: _ClassVar[int]
    DESTINATION_FIELD_NUMBER: _ClassVar[int]
    DRY_RUN_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    commit_seq: int
    destination: Transaction
    dry_run: bool
    replayed: bool
    source: MutationResponse
    def __init__(self, source: _Optional[_Union[MutationResponse, _Mapping]] = ..., destination: _Optional[_Union[Transaction, _Mapping]] = ..., commit_seq: _Optional[int] = ..., replayed: bool = ..., dry_run: bool = ...) -> None: ...

class TrialBalanceRequest(_message.Message):
    __slots__ = ["currency"]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    currency: str
    def __init__(self, currency: _Optional[str] = ...) -> None: ...

class TrialBalanceResponse(_message.Message):
    __slots__ = ["commit_seq", "counter_accounts", "currencies"]
    COMMIT_SEQ_FIELD_NUMBER: _ClassVar[int]
    COUNTER_ACCOUNTS_FIELD_NUMBER: _ClassVar[int]
    CURRENCIES_FIELD_NUMBER: _ClassVar[int]
    commit_seq: int
    counter_accounts: _containers.RepeatedScalarFieldContainer[str]
    currencies: _containers.RepeatedCompositeFieldContainer[CurrencyBalance]
    def __init__(self, currencies: _Optional[_Iterable[_Union[CurrencyBalance, _Mapping]]] = ..., commit_seq: _Optional[int] = ..., counter_accounts: _Optional[_Iterable[str]] = ...) -> None: ...

class UnfreezeRequest(_message.Message):
    __slots__ = ["correlation_id", "dry_run", "expected_version", "idempotency_key", "metadata", "note", "occurred_at_micros", "on_behalf_of", "reason", "reference", "scope", "wallet"]
    CORRELATION_ID_FIELD_NUMBER: _ClassVar[int]
    DRY_RUN_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    IDEMPOTENCY_KEY_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_AT_MICROS_FIELD_NUMBER: _ClassVar[int]
    ON_BEHALF_OF_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    WALLET_FIELD_NUMBER: _ClassVar[int]
    correlation_id: str
    dry_run: bool
    expected_version: int
    idempotency_key: str
    metadata: _containers.RepeatedCompositeFieldContainer[MetadataEntry]
    note: str
    occurred_at_micros: int
    on_behalf_of: str
    reason: str
    reference: str
    scope: FreezeScope
    wallet: WalletRef
    def __init__(self, wallet: _Optional[_Union[WalletRef, _Mapping]] = ..., idempotency_key: _Optional[str] = ..., reason: _Optional[str] = ..., reference: _Optional[str] = ..., correlation_id: _Optional[str] = ..., note: _Optional[str] = ..., on_behalf_of: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_at_micros: _Optional[int] = ..., metadata: _Optional[_Iterable[_Union[MetadataEntry, _Mapping]]] = ..., dry_run: bool = ..., scope: _Optional[_Union[FreezeScope, str]] = ...) -> None: ...

class Unimplemented(_message.Message):
    __slots__ = ["feature", "method"]
    FEATURE_FIELD_NUMBER: _ClassVar[int]
    METHOD_FIELD_NUMBER: _ClassVar[int]
    feature: str
    method: int
    def __init__(self, method: _Optional[int] = ..., feature: _Optional[str] = ...) -> None: ...

class VerifyEvent(_message.Message):
    __slots__ = ["finding", "progress", "report"]
    FINDING_FIELD_NUMBER: _ClassVar[int]
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    REPORT_FIELD_NUMBER: _ClassVar[int]
    finding: VerifyFinding
    progress: VerifyProgress
    report: VerifyReport
    def __init__(self, progress: _Optional[_Union[VerifyProgress, _Mapping]] = ..., finding: _Optional[_Union[VerifyFinding, _Mapping]] = ..., report: _Optional[_Union[VerifyReport, _Mapping]] = ...) -> None: ...

class VerifyFinding(_message.Message):
    __slots__ = ["expected", "found", "seq", "wallet_id", "what"]
    EXPECTED_FIELD_NUMBER: _ClassVar[int]
    FOUND_FIELD_NUMBER: _ClassVar[int]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    WALLET_ID_FIELD_NUMBER: _ClassVar[int]
    WHAT_FIELD_NUMBER: _ClassVar[int]
    expected: str
    found: str
    seq: int
    wallet_id: int
    what: str
    def __init__(self, what: _Optional[str] = ..., wallet_id: _Optional[int] = ..., seq: _Optional[int] = ..., expected: _Optional[str] = ..., found: _Optional[str] = ...) -> None: ...

class VerifyProgress(_message.Message):
    __slots__ = ["done", "stage", "total"]
    DONE_FIELD_NUMBER: _ClassVar[int]
    STAGE_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    done: int
    stage: str
    total: int
    def __init__(self, stage: _Optional[str] = ..., done: _Optional[int] = ..., total: _Optional[int] = ...) -> None: ...

class VerifyReport(_message.Message):
    __slots__ = ["commit_seq", "findings", "findings_told", "head", "integrity_checked", "integrity_skipped_because", "keys", "micros", "rows", "wallets"]
    COMMIT_SEQ_FIELD_NUMBER: _ClassVar[int]
    FINDINGS_FIELD_NUMBER: _ClassVar[int]
    FINDINGS_TOLD_FIELD_NUMBER: _ClassVar[int]
    HEAD_FIELD_NUMBER: _ClassVar[int]
    INTEGRITY_CHECKED_FIELD_NUMBER: _ClassVar[int]
    INTEGRITY_SKIPPED_BECAUSE_FIELD_NUMBER: _ClassVar[int]
    KEYS_FIELD_NUMBER: _ClassVar[int]
    MICROS_FIELD_NUMBER: _ClassVar[int]
    ROWS_FIELD_NUMBER: _ClassVar[int]
    WALLETS_FIELD_NUMBER: _ClassVar[int]
    commit_seq: int
    findings: int
    findings_told: int
    head: JournalHead
    integrity_checked: bool
    integrity_skipped_because: str
    keys: int
    micros: int
    rows: int
    wallets: int
    def __init__(self, head: _Optional[_Union[JournalHead, _Mapping]] = ..., rows: _Optional[int] = ..., wallets: _Optional[int] = ..., keys: _Optional[int] = ..., findings: _Optional[int] = ..., findings_told: _Optional[int] = ..., integrity_checked: bool = ..., integrity_skipped_because: _Optional[str] = ..., micros: _Optional[int] = ..., commit_seq: _Optional[int] = ...) -> None: ...

class VerifyRequest(_message.Message):
    __slots__ = ["expected_head", "skip_integrity_check"]
    EXPECTED_HEAD_FIELD_NUMBER: _ClassVar[int]
    SKIP_INTEGRITY_CHECK_FIELD_NUMBER: _ClassVar[int]
    expected_head: JournalHead
    skip_integrity_check: bool
    def __init__(self, expected_head: _Optional[_Union[JournalHead, _Mapping]] = ..., skip_integrity_check: bool = ...) -> None: ...

class VersionConflict(_message.Message):
    __slots__ = ["actual", "balance", "expected"]
    ACTUAL_FIELD_NUMBER: _ClassVar[int]
    BALANCE_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_FIELD_NUMBER: _ClassVar[int]
    actual: int
    balance: int
    expected: int
    def __init__(self, expected: _Optional[int] = ..., actual: _Optional[int] = ..., balance: _Optional[int] = ...) -> None: ...

class Wallet(_message.Message):
    __slots__ = ["available", "balance", "created_at_micros", "created_by", "currency", "expiry_pending", "exponent", "held", "id", "name", "overdraft_limit", "owner_id", "status", "updated_at_micros", "updated_by", "version"]
    AVAILABLE_FIELD_NUMBER: _ClassVar[int]
    BALANCE_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_MICROS_FIELD_NUMBER: _ClassVar[int]
    CREATED_BY_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    EXPIRY_PENDING_FIELD_NUMBER: _ClassVar[int]
    EXPONENT_FIELD_NUMBER: _ClassVar[int]
    HELD_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    OVERDRAFT_LIMIT_FIELD_NUMBER: _ClassVar[int]
    OWNER_ID_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_MICROS_FIELD_NUMBER: _ClassVar[int]
    UPDATED_BY_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    available: int
    balance: int
    created_at_micros: int
    created_by: str
    currency: str
    expiry_pending: bool
    exponent: int
    held: int
    id: int
    name: str
    overdraft_limit: int
    owner_id: str
    status: WalletStatus
    updated_at_micros: int
    updated_by: str
    version: int
    def __init__(self, id: _Optional[int] = ..., owner_id: _Optional[str] = ..., currency: _Optional[str] = ..., exponent: _Optional[int] = ..., name: _Optional[str] = ..., status: _Optional[_Union[WalletStatus, str]] = ..., balance: _Optional[int] = ..., held: _Optional[int] = ..., available: _Optional[int] = ..., overdraft_limit: _Optional[int] = ..., version: _Optional[int] = ..., created_at_micros: _Optional[int] = ..., created_by: _Optional[str] = ..., updated_at_micros: _Optional[int] = ..., updated_by: _Optional[str] = ..., expiry_pending: bool = ...) -> None: ...

class WalletDetail(_message.Message):
    __slots__ = ["currency", "name", "owner_id", "wallet_id"]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    OWNER_ID_FIELD_NUMBER: _ClassVar[int]
    WALLET_ID_FIELD_NUMBER: _ClassVar[int]
    currency: str
    name: str
    owner_id: str
    wallet_id: int
    def __init__(self, wallet_id: _Optional[int] = ..., owner_id: _Optional[str] = ..., currency: _Optional[str] = ..., name: _Optional[str] = ...) -> None: ...

class WalletFrozen(_message.Message):
    __slots__ = ["reason", "scope", "since_micros", "until_micros", "wallet_id"]
    REASON_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    SINCE_MICROS_FIELD_NUMBER: _ClassVar[int]
    UNTIL_MICROS_FIELD_NUMBER: _ClassVar[int]
    WALLET_ID_FIELD_NUMBER: _ClassVar[int]
    reason: str
    scope: FreezeScope
    since_micros: int
    until_micros: int
    wallet_id: int
    def __init__(self, wallet_id: _Optional[int] = ..., scope: _Optional[_Union[FreezeScope, str]] = ..., reason: _Optional[str] = ..., since_micros: _Optional[int] = ..., until_micros: _Optional[int] = ...) -> None: ...

class WalletLimits(_message.Message):
    __slots__ = ["day", "max_amount", "max_balance", "month", "overdraft_limit", "week"]
    DAY_FIELD_NUMBER: _ClassVar[int]
    MAX_AMOUNT_FIELD_NUMBER: _ClassVar[int]
    MAX_BALANCE_FIELD_NUMBER: _ClassVar[int]
    MONTH_FIELD_NUMBER: _ClassVar[int]
    OVERDRAFT_LIMIT_FIELD_NUMBER: _ClassVar[int]
    WEEK_FIELD_NUMBER: _ClassVar[int]
    day: WindowLimit
    max_amount: int
    max_balance: int
    month: WindowLimit
    overdraft_limit: int
    week: WindowLimit
    def __init__(self, overdraft_limit: _Optional[int] = ..., max_balance: _Optional[int] = ..., max_amount: _Optional[int] = ..., day: _Optional[_Union[WindowLimit, _Mapping]] = ..., week: _Optional[_Union[WindowLimit, _Mapping]] = ..., month: _Optional[_Union[WindowLimit, _Mapping]] = ...) -> None: ...

class WalletNotEmpty(_message.Message):
    __slots__ = ["balance", "open_holds"]
    BALANCE_FIELD_NUMBER: _ClassVar[int]
    OPEN_HOLDS_FIELD_NUMBER: _ClassVar[int]
    balance: int
    open_holds: int
    def __init__(self, balance: _Optional[int] = ..., open_holds: _Optional[int] = ...) -> None: ...

class WalletRef(_message.Message):
    __slots__ = ["currency", "id", "name", "owner_id"]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    OWNER_ID_FIELD_NUMBER: _ClassVar[int]
    currency: str
    id: int
    name: str
    owner_id: str
    def __init__(self, id: _Optional[int] = ..., owner_id: _Optional[str] = ..., currency: _Optional[str] = ..., name: _Optional[str] = ...) -> None: ...

class WatchEvent(_message.Message):
    __slots__ = ["balance_before", "commit_seq", "currency", "exponent", "held_before", "resume_token", "transaction"]
    BALANCE_BEFORE_FIELD_NUMBER: _ClassVar[int]
    COMMIT_SEQ_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    EXPONENT_FIELD_NUMBER: _ClassVar[int]
    HELD_BEFORE_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TRANSACTION_FIELD_NUMBER: _ClassVar[int]
    balance_before: int
    commit_seq: int
    currency: str
    exponent: int
    held_before: int
    resume_token: str
    transaction: Transaction
    def __init__(self, transaction: _Optional[_Union[Transaction, _Mapping]] = ..., balance_before: _Optional[int] = ..., held_before: _Optional[int] = ..., currency: _Optional[str] = ..., exponent: _Optional[int] = ..., resume_token: _Optional[str] = ..., commit_seq: _Optional[int] = ...) -> None: ...

class WatchTransactionsRequest(_message.Message):
    __slots__ = ["after_seq", "from_now", "kinds", "resume_token", "wallet_ids"]
    AFTER_SEQ_FIELD_NUMBER: _ClassVar[int]
    FROM_NOW_FIELD_NUMBER: _ClassVar[int]
    KINDS_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    WALLET_IDS_FIELD_NUMBER: _ClassVar[int]
    after_seq: int
    from_now: bool
    kinds: _containers.RepeatedScalarFieldContainer[TransactionKind]
    resume_token: str
    wallet_ids: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, after_seq: _Optional[int] = ..., resume_token: _Optional[str] = ..., from_now: bool = ..., wallet_ids: _Optional[_Iterable[int]] = ..., kinds: _Optional[_Iterable[_Union[TransactionKind, str]]] = ...) -> None: ...

class WindowLimit(_message.Message):
    __slots__ = ["amount", "count"]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    amount: int
    count: int
    def __init__(self, amount: _Optional[int] = ..., count: _Optional[int] = ...) -> None: ...

class Method(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class ErrorReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class LimitKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class WalletStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class TransactionKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class FreezeScope(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class TokenKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []
