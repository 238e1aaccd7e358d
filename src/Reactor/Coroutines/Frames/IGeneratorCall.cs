namespace Reactor;

/// <summary>What a generator yields to run a coroutine, or the holder of one.</summary>
internal interface IGeneratorCall
{
    CoroutineFrame Frame { get; }

    void TakeOutcome();
}
