namespace Reactor.Inspector;

/// <summary>
/// Tells the page, which asks for it first, which loop or recording it shows. Recording is null for
/// the live loop. Immutable; any thread.
/// </summary>
internal sealed record SessionView(
    string Program, string Driver, string Began, bool IsLive, int? Recording);

/// <summary>The spans of the timeline of a recording, evenly divided over its time.</summary>
internal sealed record TimelineView(IReadOnlyList<SpanView> Spans);

/// <summary>The recordings that can be opened, and the time left of the one in progress.</summary>
internal sealed record RecordingsView(
    IReadOnlyList<int> Recordings, long? LeftNs, string? Failure);
