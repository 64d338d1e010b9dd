import PipelineProtocol

extension Reply {
    /// The elements of an array; none of anything else.
    var rows: [Reply] { elements ?? [] }
}
