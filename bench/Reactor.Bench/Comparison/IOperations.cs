namespace Reactor.Bench.Comparison;

/// <summary>
/// What is measured beside the other loops. Each call does all of its operations before it returns.
/// </summary>
internal interface IOperations : IDisposable
{
    void CallSoonChain(int count);

    void TaskSwitch(int workers, int switches);

    void CreateTask(int count);

    void NestedAwait(int rounds, int depth, bool waits);

    void CallLaterAndCancel(int count);

    void FutureRoundTrip(int count);

    void QueuePutAndGet(int count, int capacity);
}
