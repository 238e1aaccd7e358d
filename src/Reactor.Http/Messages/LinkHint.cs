using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// A resource that the client should load early, sent by <see cref="Request.SendEarlyHints"/> as a
/// Link field (RFC 8288).
/// </summary>
/// <remarks>Immutable; any thread.</remarks>
public sealed class LinkHint
{
    /// <summary>Creates a hint.</summary>
    /// <param name="target">
    /// A path, or an http or https URI; encoded like the target of a redirect.
    /// </param>
    /// <param name="relation">The relation, a token such as <c>preload</c>.</param>
    /// <param name="destination">
    /// The type of the resource, a token such as <c>style</c>, or null.
    /// </param>
    /// <exception cref="ArgumentException">A part is invalid.</exception>
    public LinkHint(string target, string relation = "preload", string? destination = null)
    {
        ArgumentNullException.ThrowIfNull(relation);
        if (!FieldRules.IsName(relation) || (destination is not null
            && !FieldRules.IsName(destination)))
        {
            throw new ArgumentException("A relation and a destination are tokens.");
        }

        Value = $"<{LocationEncoder.Encode(target)}>; rel={relation}"
            + (destination is null ? "" : $"; as={destination}");
    }

    /// <summary>The value of the Link field.</summary>
    public string Value { get; }
}
