namespace Reactor.Learn;

/// <summary>
/// The progress of the learner: a text file with one line per lesson, which may be edited by hand.
/// Only the line of the lesson that changes is written; comments and lines that cannot be read are
/// kept as they are, and the latter are reported. One thread.
/// </summary>
internal sealed class Progress
{
    private const string Head =
        "# Progress in the course. You may edit it; learn changes only the line of its lesson.";

    private readonly string _path;
    private readonly List<string> _lines;
    private readonly Dictionary<string, int> _lineOf = [];
    private readonly Dictionary<string, LessonProgress> _all = [];

    private Progress(string path, List<string> lines)
    {
        _path = path;
        _lines = lines;
        var broken = new List<int>();
        for (int i = 0; i < lines.Count; i++)
        {
            if (!Take(i))
            {
                broken.Add(i + 1);
            }
        }

        BrokenLines = broken;
    }

    /// <summary>The numbers of the lines that cannot be read, from 1 on.</summary>
    public IReadOnlyList<int> BrokenLines { get; }

    /// <summary>Reads the file; without one, nothing has been done.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static Progress Load(string path) =>
        new(path, File.Exists(path) ? [.. File.ReadAllLines(path)] : []);

    public LessonProgress Of(Lesson lesson) => _all.GetValueOrDefault(lesson.Name, new());

    /// <summary>
    /// Replaces the line of a lesson, and writes the file as a whole or not at all.
    /// </summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Set(Lesson lesson, LessonProgress progress)
    {
        _all[lesson.Name] = progress;
        if (_lines.Count == 0)
        {
            _lines.Add(Head);
        }

        string line = $"{lesson.Name}: {progress}";
        if (_lineOf.TryGetValue(lesson.Name, out int at))
        {
            _lines[at] = line;
        }
        else
        {
            _lineOf[lesson.Name] = _lines.Count;
            _lines.Add(line);
        }

        string temporary = $"{_path}.{Environment.ProcessId}.new";
        try
        {
            File.WriteAllLines(temporary, _lines);
            File.Move(temporary, _path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private bool Take(int index)
    {
        string line = _lines[index].Trim();
        if (line.Length == 0 || line.StartsWith('#'))
        {
            return true;
        }

        if (line.Split(':', 2, StringSplitOptions.TrimEntries) is not [var name, var rest]
            || LessonProgress.Parse(rest) is not { } progress || !_all.TryAdd(name, progress))
        {
            return false;
        }

        _lineOf[name] = index;
        return true;
    }
}
