namespace Reactor.Http;

/// <summary>
/// What happens to a path that no route has if a route has it with a slash more or less at its end:
/// <c>/items/</c> instead of <c>/items</c>, or the other way round.
/// </summary>
public enum SlashPolicy
{
    /// <summary>The two are different paths: 404.</summary>
    Strict,

    /// <summary>
    /// The client is redirected to the other path with 308, which keeps method and body, and with
    /// its query.
    /// </summary>
    Redirect,
}
