/// Files of rows: in and out (S-8).
extension Words {
    static let files: [Word] = [
        Word(
            name: "import",
            usage:
                "import customers|leads|deals FILE [--dry-run] [--all-or-nothing] [--rejected FILE]",
            summary: .init("take in rows of a CSV file", "从 CSV 文件导入"),
            examples: [
                "import deals deals.csv --dry-run", "import customers customers.csv",
                "import deals deals.csv --all-or-nothing --rejected bad.csv",
            ], choices: FileNoun.allCases.map(\.rawValue)
        ) { (arguments, _) throws(Failure) in .importing(try ImportOptions(arguments)) },
        Word(
            name: "export", usage: "export customers|leads|deals [FILE]",
            summary: .init("write rows to a CSV file", "导出为 CSV 文件"),
            examples: ["export deals deals.csv", "export customers"],
            choices: FileNoun.allCases.map(\.rawValue)
        ) { (arguments, _) throws(Failure) in .exporting(try ExportOptions(arguments)) },
    ]
}
