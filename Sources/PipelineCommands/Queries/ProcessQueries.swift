import PipelineDomain
import PipelineProtocol

extension State {
    /// Reads a document with the company's currency and people; every fault in one refusal.
    func definition(from document: String) throws(Rejection) -> ProcessDefinition {
        let logins = self.logins
        let context = ProcessDocument.Context(
            currency: company.currency, person: { logins[$0] }, isKeyword: CommandTable.isKeyword)
        do throws(ProcessDocumentError) {
            return try ProcessDocument.parse(document.utf8, in: context)
        } catch {
            throw .invalid([.init("json", error.message)])
        }
    }
}

extension Call {
    /// The version asked for, else the latest published one, else the draft.
    func writeProcess(
        _ reference: ProcessReference, version number: Int?, draft wantsDraft: Bool
    ) throws(Rejection) {
        let process = try state.process(reference)
        if wantsDraft {
            guard let draft = process.draft else {
                throw .notFound(noun: "draft of process", name: process.key)
            }
            writeProcess(process, draft, version: nil, publishedAt: nil)
            return
        }
        if let number {
            guard number <= process.versions.count else {
                throw .notFound(noun: "version of '\(process.key)'", name: String(number))
            }
            writeVersion(process, process.versions[number - 1])
        } else if let current = process.current {
            writeVersion(process, current)
        } else if let draft = process.draft {
            writeProcess(process, draft, version: nil, publishedAt: nil)
        }
    }

    private func writeVersion(_ process: Process, _ id: ProcessVersionID) {
        let version = state.versions[id]
        writeProcess(
            process, version.definition, version: version.number, publishedAt: version.publishedAt)
    }

    private func writeProcess(
        _ process: Process, _ definition: ProcessDefinition, version: Int?, publishedAt: Instant?
    ) {
        reply.map(8)
        reply.bulk("id")
        reply.bulk(process.id)
        reply.bulk("key")
        reply.bulk(process.key)
        reply.bulk("name")
        reply.bulk(definition.name)
        reply.bulk("version")
        if let version { reply.integer(version) } else { reply.null() }
        reply.bulk("publishedAt")
        reply.optional(publishedAt?.description)
        reply.bulk("hasDraft")
        reply.boolean(process.draft != nil)
        reply.bulk("rev")
        reply.integer(process.revision.number)
        reply.bulk("json")
        reply.bulk(ProcessDocument.text(of: definition, currency: state.company.currency))
    }

    func writeProcesses(unit: UnitID?, _ listing: Listing<ProcessColumn>) throws(Rejection) {
        var units: Set<UnitID>?
        if let unit { units = Set(state.path(from: try state.unit(unit).id)) }
        let processes = state.processes
        writeList(processes.ids, listing) { [state] id in
            let process = processes[id]
            guard let units, let definition = state.shown(process) else { return process }
            let scope = definition.appliesTo.units
            let applies =
                scope.isEmpty
                || scope.contains {
                    state.successor(of: $0, for: process.id).map(units.contains) ?? false
                }
            return applies ? process : nil
        }
    }

    func writeTemplates(_ name: String?) throws(Rejection) {
        guard let name else {
            reply.array(ProcessTemplates.all.count)
            for template in ProcessTemplates.all {
                reply.map(3)
                reply.bulk("name")
                reply.bulk(template.name)
                reply.bulk("language")
                reply.bulk(template.language)
                reply.bulk("title")
                reply.bulk(template.title)
            }
            return
        }
        guard let template = ProcessTemplates.all.first(where: { $0.name == name }) else {
            throw .notFound(noun: "template", name: name)
        }
        reply.bulk(template.document)
    }
}

extension State {
    /// The latest version, else the draft.
    fileprivate func shown(_ process: Process) -> ProcessDefinition? {
        process.current.map { versions[$0].definition } ?? process.draft
    }
}

/// A process as a row; its stages are those of the latest version, else of the draft.
enum ProcessColumn: String, NodeColumn {
    typealias Row = Process
    case id, key, name, version, hasDraft, stages, rev

    func value(of process: Process, in call: Call) -> Node {
        switch self {
        case .id: .id(process.id)
        case .key: .text(process.key)
        case .name: .optional(call.state.shown(process)?.name)
        case .version: process.versions.isEmpty ? .null : .count(process.versions.count)
        case .hasDraft: .boolean(process.draft != nil)
        case .stages: .texts(call.state.shown(process)?.stages.map(\.key) ?? [])
        case .rev: .count(process.revision.number)
        }
    }
}
