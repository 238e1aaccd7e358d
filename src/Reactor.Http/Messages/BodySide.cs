using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// What the side that receives a body adds to its readers: the exception of a refused body, and
/// what follows its end. A server has one, a client one for each response.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal abstract class BodySide
{
    /// <summary>The exception that readers of a refused body throw; a new one for each.</summary>
    public abstract Exception Refused(Rejection reason);

    /// <summary>
    /// True if a body that was read whole is its reader's from then on, and its memory no longer
    /// reserved. A server keeps the reservation until its request ends, when the handler has
    /// dropped the body too; a caller of a client may keep it for ever.
    /// </summary>
    public virtual bool GivesBodyAway => false;

    /// <summary>The last byte of a body was read from the connection.</summary>
    public virtual void OnRead()
    {
    }
}
