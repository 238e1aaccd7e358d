using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// A resource that the client will need, for <see cref="Request.SendEarlyHints"/>: one Link field
/// (RFC 8288).
/// </summary>
/// <remarks>Immutable; any thread.</remarks>
public sealed class LinkHint
{
    /// <summary>Makes one.</summary>
    /// <param name="target">
    /// A path, or a URI of http or https; encoded as in a redirect.
    /// </param>
    /// <param name="relation">The relation, a token such as <c>preload</c>.</param>
    /// <param name="destination">
    /// What it is for, a token such as <c>style</c>, or null.
    /// </param>
    /// <exception cref="ArgumentException">A part may not be sent.</exception>
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
