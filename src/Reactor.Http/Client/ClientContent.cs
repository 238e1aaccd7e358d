namespace Reactor.Http;

/// <summary>
/// The content of a request. It writes itself, so a large one is never whole in memory.
/// </summary>
public abstract class ClientContent
{
    /// <summary>The value of Content-Type, or null.</summary>
    public virtual string? ContentType => null;

    /// <summary>The length in bytes, or null: it is sent in chunks.</summary>
    public virtual long? Length => null;

    /// <summary>Whether it can be written again, for a retry or a redirect.</summary>
    public virtual bool CanResend => false;

    /// <summary>Writes the content. Called on the loop thread, once for each sending.</summary>
    protected internal abstract Coroutine WriteAsync(ClientBodyWriter body);
}
