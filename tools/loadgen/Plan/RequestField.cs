namespace Reactor.Tools.Loadgen;

/// <summary>A header field that the user adds to the request. Immutable; any thread.</summary>
internal readonly record struct RequestField(string Name, string Value)
{
    /// <summary>Whether the field has this name, ignoring case.</summary>
    public bool Is(string name) => Name.Equals(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether it is a Connection field with this option (RFC 9110 7.6.1).</summary>
    public bool IsConnection(string option) => Is("Connection") && Value.Split(',').Any(
        one => one.Trim().Equals(option, StringComparison.OrdinalIgnoreCase));
}
