using System.Text.RegularExpressions;

namespace Reactor.Learn;

/// <summary>
/// The lessons of a repository folder: every program and every exercise whose name begins with two
/// digits and an underscore, in the order of the numbers. Immutable after its first use.
/// </summary>
internal sealed partial class Lessons(string root)
{
    private IReadOnlyList<Lesson>? _all;

    /// <summary>The folder of the repository.</summary>
    public string Root => root;

    /// <summary>The folder of the programs.</summary>
    public string Folder => Path.Combine(root, "lessons");

    public IReadOnlyList<Lesson> All => _all ??= FindAll();

    /// <summary>The repository that one of the folders is in, or else the first folder.</summary>
    public static Lessons Find(params IReadOnlyList<string> starts)
    {
        foreach (string start in starts)
        {
            for (DirectoryInfo? at = new(start); at is not null; at = at.Parent)
            {
                if (File.Exists(Path.Combine(at.FullName, "Reactor.sln")))
                {
                    return new Lessons(at.FullName);
                }
            }
        }

        return new Lessons(starts[0]);
    }

    /// <summary>The lesson with a number (7, 07) or a name (07_timers, 07-timers).</summary>
    public Lesson? Find(string word)
    {
        string number = word.PadLeft(2, '0');
        string name = word.Replace('-', '_');
        return All.FirstOrDefault(lesson => lesson.Number == number || lesson.Name == name);
    }

    private IReadOnlyList<Lesson> FindAll()
    {
        string exercises = Path.Combine(Folder, "exercises");
        IEnumerable<string> programs = Directory.Exists(Folder)
            ? Directory.EnumerateFiles(Folder, "*.cs").Select(Name)
            : [];
        IEnumerable<string> folders = Directory.Exists(exercises)
            ? Directory.EnumerateDirectories(exercises).Select(Name)
            : [];
        return [.. programs.Concat(folders).Where(name => LessonName().IsMatch(name)).Distinct()
            .Order(StringComparer.Ordinal).Select(name => new Lesson(root, name))];
    }

    private static string Name(string path) => Path.GetFileNameWithoutExtension(path);

    [GeneratedRegex("^[0-9]{2}_[a-z0-9_]+$")]
    private static partial Regex LessonName();
}
