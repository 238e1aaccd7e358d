namespace Reactor.Http;

/// <summary>
/// Values of a request by name: the query, a form, header fields, cookies. <see
/// cref="TypedValues"/> reads numbers, dates and other types from them.
/// </summary>
/// <remarks>The thread rule is that of the implementation.</remarks>
public interface IRequestValues
{
    /// <summary>What a value is, for messages to the client: <c>query parameter</c>.</summary>
    string Kind { get; }

    /// <summary>The first value of a name, or null.</summary>
    string? Find(string name);

    /// <summary>All values of a name, in order.</summary>
    IEnumerable<string> FindAll(string name);
}
