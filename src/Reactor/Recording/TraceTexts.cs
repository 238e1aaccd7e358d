using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Reactor.Recording;

/// <summary>
/// Finds the numbers of names and places for the works and waits of a loop: each is made a text
/// once, and costs a look-up from then on. Loop thread only, except <see cref="KindOf"/>.
/// </summary>
/// <remarks>Bounded by the code of the program: the keys are types, methods and lines.</remarks>
internal sealed class TraceTexts(TraceNames names)
{
    private readonly Dictionary<Type, int> _types = [];
    private readonly Dictionary<Type, int> _coroutines = [];
    private readonly ConcurrentDictionary<MethodInfo, int> _callbacks = [];
    private readonly Dictionary<PlaceKey, int> _places = [];
    private readonly Dictionary<string, int> _given = new(ReferenceEqualityComparer.Instance);

    /// <summary>The name of a task, or of its coroutine if the program gave none.</summary>
    public int NameOf(Trampoline task)
    {
        if (((Future)task.Owner).GivenName is { } given)
        {
            return names.Add(given);
        }

        CoroutineFrame bottom = task.Bottom;
        if (!_coroutines.TryGetValue(bottom.MachineType, out int name))
        {
            name = names.Add(bottom.MethodName);
            _coroutines.Add(bottom.MachineType, name);
        }

        return name;
    }

    /// <summary>The name of work: a task, a callback, or a kind of work of the library.</summary>
    public int NameOf(LoopWork work)
    {
        if (work is Trampoline task)
        {
            return NameOf(task);
        }

        return (work as LoopHandle)?.ShownCallback is { } callback
            ? NameOf(callback) : NameOf(work.GetType());
    }

    /// <summary>The line where a callback was posted; 0 if unknown.</summary>
    public int PlaceOf(LoopWork work)
    {
        if (work is not LoopHandle { File: { } file } handle)
        {
            return 0;
        }

        var key = new PlaceKey(file, handle.Line);
        if (!_places.TryGetValue(key, out int place))
        {
            place = names.Add(UserPlace.Name(file, handle.Line));
            _places.Add(key, place);
        }

        return place;
    }

    /// <summary>The line of the await at which a frame is suspended.</summary>
    public int PlaceOf(CoroutineFrame innermost)
    {
        CoroutineFrame frame = innermost.SkipOurs();
        return PlaceOf(frame.MachineType, frame.ReadMachineNumber());
    }

    /// <summary>The line of an await, or where the method begins.</summary>
    public int PlaceOf(Type machine, int state)
    {
        var key = new PlaceKey(machine, state);
        if (!_places.TryGetValue(key, out int place))
        {
            place = names.AddPlace(machine, state);
            _places.Add(key, place);
        }

        return place;
    }

    /// <summary>What a wait is for, by the type of its source.</summary>
    public int NameOf(IWaitSource source) => source switch
    {
        Sync.WaitQueue queue => NameOf(queue.OwnerType),
        Future { Step: Trampoline task } => NameOf(task),
        _ => _types.TryGetValue(source.GetType(), out int name)
            ? name : AddType(source.GetType(), ShownSource(source)),
    };

    /// <summary>The name of a type of this library or the program.</summary>
    public int NameOf(Type type) =>
        _types.TryGetValue(type, out int name) ? name : AddType(type, Plain(type));

    /// <summary>A text of the program that is constant: found by its reference.</summary>
    public int Constant(string text)
    {
        if (!_given.TryGetValue(text, out int name))
        {
            name = names.Add(text);
            if (_given.Count < TraceNames.NamesMax)
            {
                _given.Add(text, name);
            }
        }

        return name;
    }

    /// <summary>The kind of a message. Any thread.</summary>
    public int KindOf(LoopWork work) => (work as LoopHandle)?.ShownCallback is { } callback
        ? NameOf(callback) : names.Add(work.MessageKey.Kind);

    private int NameOf(Delegate callback)
    {
        MethodInfo method = callback.Method;
        if (!_callbacks.TryGetValue(method, out int name))
        {
            name = names.Add(StateMachineName.Of(callback));
            _callbacks.TryAdd(method, name);
        }

        return name;
    }

    private int AddType(Type type, string text)
    {
        int name = names.Add(text);
        _types.Add(type, name);
        return name;
    }

    private static string ShownSource(IWaitSource source) => source switch
    {
        Drivers.DriverConnect => "connect",
        Drivers.DriverOperation => "I/O",
        IAwaitsFutures => "several tasks",
        Future => "a future",
        _ => ShownText.Of(source),
    };

    private static string Plain(Type type) => type.Name.Split('`')[0];

    /// <summary>A state machine or a file, by reference, with an await or a line.</summary>
    private readonly record struct PlaceKey(object Source, int Number)
    {
        public bool Equals(PlaceKey other) =>
            ReferenceEquals(Source, other.Source) && Number == other.Number;

        public override int GetHashCode() =>
            (RuntimeHelpers.GetHashCode(Source) * 31) + Number;
    }
}
