/// The currencies of ISO 4217 that have minor units defined, with their exponents (list one of the maintenance agency).
///
/// Codes without a minor unit (precious metals, SDR, the testing code and "no currency") are left out: an amount of them
/// has no exponent.
public enum ISO4217 {
  /// The exponent of a code, or `nil` for a code that isn't in the list.
  public static func exponent(of code: String) -> Int? { exponents[code] }

  /// Every code with its exponent.
  public static let exponents: [String: Int] = {
    var exponents: [String: Int] = [:]
    for (exponent, codes) in [0: zero, 2: two, 3: three, 4: four] {
      for code in codes.split(whereSeparator: \.isWhitespace) { exponents[String(code)] = exponent }
    }
    return exponents
  }()

  private static let zero = """
    BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF
    """
  private static let two = """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD
    CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS
    GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL
    MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK
    PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS
    TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG
    """
  private static let three = """
    BHD IQD JOD KWD LYD OMR TND
    """
  private static let four = """
    CLF UYW
    """
}
