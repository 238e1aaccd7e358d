using System.Text.Json.Serialization;

namespace Reactor.Inspector;

/// <summary>Generated JSON metadata, without reflection, for ahead-of-time compilation.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(StateView))]
[JsonSerializable(typeof(SessionView))]
[JsonSerializable(typeof(TimelineView))]
[JsonSerializable(typeof(RecordingsView))]
[JsonSerializable(typeof(TreeView))]
internal sealed partial class InspectorJson : JsonSerializerContext;
