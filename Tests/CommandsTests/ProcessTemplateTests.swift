import PipelineCommands
import PipelineDomain
import Testing

@Suite("Process templates")
struct ProcessTemplateTests {
    @Test("D-8: two methods in two languages, found by name")
    func names() {
        #expect(
            ProcessTemplates.all.map(\.name) == [
                "five-steps.en", "five-steps.zh", "bid.en", "bid.zh",
            ])
        #expect(ProcessTemplates.all.map(\.language) == ["en", "zh-Hans", "en", "zh-Hans"])
        #expect(ProcessTemplates.find("bid.zh")?.title == "七步投标流程")
        #expect(ProcessTemplates.find("bid.fr") == nil)
        for template in ProcessTemplates.all { #expect(Key.problem(template.name) == nil) }
    }

    @Test(
        "D-8: every template is ready to publish, whatever the currency",
        arguments: ProcessTemplates.all)
    func ready(template: ProcessTemplates.Template) throws {
        for currency in ["CNY", "JPY", "KWD"] {
            let process = try TestCompany.parse(template.document, currency)
            #expect(process.dips().isEmpty)
            #expect(process.kind == .linear)
            #expect(process.appliesTo == ProcessDefinition.Applicability())
        }
        let process = try TestCompany.parse(template.document)
        // D-14: both methods learn from every deal, won or lost.
        #expect(process.reviewRequired)
        #expect(!process.lossReasons.isEmpty)
        #expect(!process.invalidReasons.isEmpty)
        for stage in process.stages {
            #expect(!stage.guidance.isEmpty)
            #expect(stage.tasks.contains { $0.required })
            #expect(stage.maxDwellDays != nil)
        }
        // A superior looks before the method gets expensive, and somebody is told if he does not.
        let gates = process.stages.map(\.gate).filter { $0.approval == .superior }
        #expect(!gates.isEmpty)
        #expect(gates.allSatisfy { $0.adminAfterHours != nil && $0.onDeadline == .wait })
        // WIN ends the last stage: its gate asks for no approval twice.
        #expect(process.stages.last?.gate.approval == Gate.Approval.none)
    }

    @Test("D-8: the stages are those of the source documents")
    func stages() throws {
        func names(_ template: String) throws -> [String] {
            let found = try #require(ProcessTemplates.find(template))
            return try TestCompany.parse(found.document).stages.map(\.name)
        }
        #expect(
            try names("five-steps.en") == [
                "Qualify", "Product introduction", "Proposal and quote", "Contract", "Won or lost",
            ])
        #expect(
            try names("five-steps.zh") == ["判断是否合格", "产品介绍", "方案/报价", "合同", "赢/输"])
        #expect(
            try names("bid.zh") == ["机会", "入围", "方案制定", "报价", "方案确认", "商务确认", "中标"])
        #expect(
            try names("bid.en") == [
                "Chance", "Shortlisted", "Solution drawn up", "Quotation", "Solution confirmed",
                "Terms confirmed", "Award",
            ])
    }

    @Test("D-8: both languages of a method have the same rules", arguments: ["five-steps", "bid"])
    func languages(method: String) throws {
        func rules(_ language: String) throws -> ProcessDefinition {
            let template = try #require(ProcessTemplates.find("\(method).\(language)"))
            var process = try TestCompany.parse(template.document)
            process.name = "P"
            process.lossReasons = process.lossReasons.indices.map { "r\($0)" }
            process.invalidReasons = process.invalidReasons.indices.map { "r\($0)" }
            for stage in process.stages.indices {
                process.stages[stage].name = "S"
                process.stages[stage].guidance = ""
                for task in process.stages[stage].tasks.indices {
                    process.stages[stage].tasks[task].name = "T"
                }
                for field in process.stages[stage].feedback.indices {
                    process.stages[stage].feedback[field].name = "F"
                    let choices = process.stages[stage].feedback[field].choices
                    process.stages[stage].feedback[field].choices = choices.indices.map { "c\($0)" }
                }
            }
            return process
        }
        #expect(try rules("en") == rules("zh"))
    }

    @Test("P-2: no key of a template is a keyword of a command")
    func keywords() throws {
        let keywords = """
            ACTIVE ACTIVITY ADD AFTER ALLOW-DIP AMOUNT ASC ASOF AT AVERAGE BEFORE BY CHANNEL CLEAR CLOSE \
            COMPETITOR COUNT CUR CURSOR CUSTOMER CUSTOMERTYPE DEALS-TO DEPTH DESC DONE DRAFT DUE EVIDENCE \
            EXTID FIELDS FROM HEAD IFREV INDUSTRY INTO KIND LEFT LIMIT MAP MENTION MINE NAME NOTE OLD \
            OUTCOME OWNER PARENT PART PASSWORD PERIOD PROCESS PRODUCT RATE REASON REGION REMOVE REPLYTO \
            REQID RESULT REVIEW ROLE SENT SORTBY SOURCE STAGE STATUS SUCCESSOR SUPERIOR TARGET TITLE TO \
            TYPE TZ UNACKED UNDO UNIT UNTIL UPTO VERSION VERSUS WITH
            """.lowercased().split(separator: " ").map(String.init)
        var context = TestCompany.context()
        context.isKeyword = Set(keywords).contains
        for template in ProcessTemplates.all {
            #expect(throws: Never.self) {
                try ProcessDocument.parse(template.document.utf8, in: context)
            }
        }
    }

    @Test("D-8: texts are in one piece: no line break of the source is left in them")
    func continuations() throws {
        for template in ProcessTemplates.all {
            for stage in try TestCompany.parse(template.document).stages {
                #expect(!stage.guidance.contains { $0.isNewline })
                #expect(!stage.guidance.contains("  "))
            }
        }
    }
}
