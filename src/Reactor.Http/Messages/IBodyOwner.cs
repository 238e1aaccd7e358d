using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>What a <see cref="BodyBudget"/> asks of the reader of a body.</summary>
internal interface IBodyOwner
{
    /// <summary>Others wait for memory: the peer may be silent for the grace only.</summary>
    void Hurry();

    /// <summary>The body waits for memory until <see cref="EndPause"/>.</summary>
    void BeginPause();

    void EndPause();

    /// <summary>Refuses the body for a reason outside of its bytes.</summary>
    void Refuse(Rejection reason);

    /// <summary>True if the peer is late, or will be by a moment.</summary>
    bool IsLate(TimeSpan due);
}
