namespace Reactor.Tools.Loadgen;

/// <summary>What a response must be to count as a success. Immutable; any thread.</summary>
internal sealed record Expectation
{
    /// <summary>The valid statuses; empty for any of 200 to 399.</summary>
    public IReadOnlyList<int> Statuses { get; init; } = [];

    /// <summary>The SHA-256 of a valid body; null for any.</summary>
    public ReadOnlyMemory<byte>? BodyHash { get; init; }

    /// <summary>Octets that a valid body contains; null for any.</summary>
    public ReadOnlyMemory<byte>? BodyPart { get; init; }

    /// <summary>True if bodies must be kept to be judged.</summary>
    public bool NeedsBody => BodyHash is not null || BodyPart is not null;

    /// <summary>Judges a status.</summary>
    /// <returns>None for a success, else the cause of the failure.</returns>
    public Cause Judge(int status) => (Statuses.Count, status) switch
    {
        (0, >= 500) => Cause.Status5xx,
        (0, >= 400) => Cause.Status4xx,
        (0, >= 200) => Cause.None,
        _ => Statuses.Contains(status) ? Cause.None : Cause.StatusMismatch,
    };
}
