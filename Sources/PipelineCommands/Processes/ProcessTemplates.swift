/// Selling methods that ship ready to use (D-8): each is a document that `PROCESS.PUT` takes as it
/// is.
public enum ProcessTemplates {
    public struct Template: Hashable, Sendable {
        /// As `PROCESS.TEMPLATES` lists it; also fit to be the process's key.
        public let name: String
        /// BCP 47: `en` or `zh-Hans`.
        public let language: String
        public let title: String
        /// The process as JSON, laid out to be read and edited.
        public let document: String
    }

    /// In the order in which they are listed. The two languages of a method have the same keys,
    /// rates and rules, so that reports over both compare stage by stage.
    public static let all = [
        Template(
            name: "five-steps.en", language: "en", title: "Five steps, with a review",
            document: fiveStepsEnglish),
        Template(
            name: "five-steps.zh", language: "zh-Hans", title: "五步销售流程（含复盘）",
            document: fiveStepsChinese),
        Template(
            name: "bid.en", language: "en", title: "Bid in seven steps", document: bidEnglish),
        Template(
            name: "bid.zh", language: "zh-Hans", title: "七步投标流程", document: bidChinese),
    ]

    public static func find(_ name: String) -> Template? { all.first { $0.name == name } }
}
