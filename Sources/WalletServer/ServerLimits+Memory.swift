package import WalletCore

extension ServerLimits {
  /// What connections, queues and replies can hold.
  package var memory: [MemoryBudget.Part] {
    [
      MemoryBudget.Part(
        "partly received requests", bytes: inputBytesMax + 2 * batchRequestBytesMax),
      MemoryBudget.Part(
        "queued requests",
        bytes: queuedBytesMax
          + queuedRequestsMax
          * (MemoryLayout<Ticket>.stride + MemoryLayout<LedgerRequest>.stride + Command.objectBytes)),
      MemoryBudget.Part(
        "output", bytes: outputBytesMax + batchResponseBytesMax + greetingConnectionsMax * greetingOutputBytesMax),
      // What is on its way from the queues of streams, and the rows that one step on each of them has in memory.
      MemoryBudget.Part(
        "streams",
        bytes: (watchesMax + verificationsMax + backupsMax)
          * (streamStepBytesMax + LedgerLimits.watchedWalletsMax * 4 * MemoryLayout<Int64>.stride)
          + 2 * 4 * streamStepBytesMax),
      MemoryBudget.Part("unpacking", bytes: batchUnpackBytesMax),
      // Each row of a page is in it twice while it is encoded.
      MemoryBudget.Part("pages of histories", bytes: 2 * listGatherMax * LedgerLimits.pageBytesMax),
      MemoryBudget.Part("explanations", bytes: explanationsMax * ExplainWork.bytesMax),
      MemoryBudget.Part(
        "places that reads of histories take along",
        bytes: queuedRequestsMax * LedgerLimits.historyPlacesMax * MemoryLayout<HistoryPlace>.stride),
      MemoryBudget.Part(
        "lists of wallets", bytes: gatherMax * LedgerLimits.pageRowsMax * MemoryLayout<Wallet>.stride),
    ]
  }
}
