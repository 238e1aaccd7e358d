using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Reactor;

/// <summary>
/// The functions that worker processes can run, by name. Pool and worker run the same code to fill
/// this list; the pool sends only name and argument.
/// </summary>
/// <remarks>
/// Fill it before a pool is created or <see cref="ProcessPoolExecutor.RunWorker"/> is called, best
/// by static fields of one class. Rejected: serializing a delegate, as Python does, because it
/// would run anything that a message names.
/// </remarks>
public sealed class ProcessJobs
{
    /// <summary>Maximum length of a name; fits a control frame.</summary>
    private const int NameCharsMax = 200;

    private readonly Dictionary<string, ProcessJob> _jobs = new(StringComparer.Ordinal);

    /// <summary>Registers a function.</summary>
    /// <param name="name">The name in messages; unique in this list.</param>
    /// <param name="function">
    /// Must be static: the worker would have its own copies of captured variables.
    /// </param>
    /// <param name="argument">JSON metadata of the argument.</param>
    /// <param name="result">JSON metadata of the result.</param>
    /// <typeparam name="TArgument">The type of the argument.</typeparam>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <exception cref="ArgumentException">
    /// The name is empty, too long or in use; or the function returns a coroutine or a task.
    /// </exception>
    public ProcessJob<TArgument, TResult> Add<TArgument, TResult>(
        string name, Func<TArgument, TResult> function, JsonTypeInfo<TArgument> argument,
        JsonTypeInfo<TResult> result)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(argument);
        ArgumentNullException.ThrowIfNull(result);
        FunctionResult<TResult>.Check(nameof(function));
        if (name.Length > NameCharsMax)
        {
            throw new ArgumentException(
                $"The name of a job has at most {NameCharsMax} characters.", nameof(name));
        }

        var job = new ProcessJob<TArgument, TResult>(name, function, argument, result);
        if (!_jobs.TryAdd(name, job))
        {
            throw new ArgumentException($"There is a job '{name}' already.", nameof(name));
        }

        return job;
    }

    internal bool TryFind(string name, [NotNullWhen(true)] out ProcessJob? job) =>
        _jobs.TryGetValue(name, out job);
}

/// <summary>
/// A function that worker processes can run; created by <see cref="ProcessJobs.Add"/>.
/// </summary>
public abstract class ProcessJob
{
    private protected ProcessJob(string name) => Name = name;

    /// <summary>The name in <see cref="ProcessJobs"/>. Any thread.</summary>
    public string Name { get; }

    /// <summary>Returns the name.</summary>
    public override string ToString() => Name;

    internal abstract void Run(ReadOnlySpan<byte> argument, FrameBuffer result);
}

/// <summary>A typed job.</summary>
/// <typeparam name="TArgument">The type of the argument.</typeparam>
/// <typeparam name="TResult">The type of the result.</typeparam>
public sealed class ProcessJob<TArgument, TResult> : ProcessJob
{
    private readonly Func<TArgument, TResult> _function;
    private readonly JsonTypeInfo<TArgument> _argument;
    private readonly JsonTypeInfo<TResult> _result;

    internal ProcessJob(
        string name, Func<TArgument, TResult> function, JsonTypeInfo<TArgument> argument,
        JsonTypeInfo<TResult> result)
        : base(name)
    {
        _function = function;
        _argument = argument;
        _result = result;
    }

    internal override void Run(ReadOnlySpan<byte> argument, FrameBuffer result)
    {
        TResult value = _function(JsonSerializer.Deserialize(argument, _argument)!);
        result.Add(FrameKind.Result, value, _result);
    }

    internal void WriteArgument(TArgument argument, FrameBuffer frames) =>
        frames.Add(FrameKind.Argument, argument, _argument);

    internal TResult ReadResult(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, _result)!;
}
