// The files of a project as a graph: an edge leads from a file to each one that declares something
// it uses (SymbolUses). Files on one cycle can only be understood together, so the size of the
// largest cycle says how much a reader must know before the first change. Pure; any thread.

using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Repository.Tests.Rooms;

namespace Repository.Tests.Graph;

public sealed class FileGraph
{
    private readonly SortedDictionary<string, SortedSet<string>> _uses =
        new(StringComparer.Ordinal);

    private FileGraph(IEnumerable<KeyValuePair<string, SortedSet<string>>> uses)
    {
        foreach ((string file, SortedSet<string> used) in uses)
        {
            _uses.Add(file, used);
        }
        foreach (SortedSet<string> used in _uses.Values)
        {
            used.RemoveWhere(file => !_uses.ContainsKey(file));
        }
        Cycles = FindCycles();
    }

    /// <summary>Each file with the files of the same project that it uses, by path.</summary>
    public IEnumerable<KeyValuePair<string, SortedSet<string>>> Uses => _uses;

    /// <summary>
    /// Strongly connected components of two files or more, the largest first: from each file of one
    /// there is a way to every other.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<string>> Cycles { get; }

    public static FileGraph Of(CSharpCompilation compilation)
    {
        ConcurrentDictionary<string, SortedSet<string>> uses = new();
        Parallel.ForEach(
            compilation.SyntaxTrees.Where(tree => tree.FilePath.Contains('/')),
            tree => uses[tree.FilePath] = UsedBy(compilation.GetSemanticModel(tree)));
        return new FileGraph(uses);
    }

    private static SortedSet<string> UsedBy(SemanticModel model) => new(
        SymbolUses.In(model)
            .Where(use => use.Symbol is not (ILocalSymbol or IParameterSymbol))
            .Select(use => (use.Symbol, Paths: SymbolUses.SourcePaths(use.Symbol)))
            // A file that declares a part of a type does not use the other parts by naming it.
            .Where(use => use.Paths.Length > 0 && !use.Paths.Contains(model.SyntaxTree.FilePath))
            .Select(use => MainFile(use.Symbol.Name, use.Paths)),
        StringComparer.Ordinal);

    // A partial type lives in the file that bears its name.
    private static string MainFile(string name, string[] paths) => Array.Find(
        paths, path => Path.GetFileNameWithoutExtension(path) == name) ?? paths[0];

    // Tarjan's algorithm. It is recursive; a project has some hundred files, not a million.
    private List<List<string>> FindCycles()
    {
        Dictionary<string, int> indices = [];
        Stack<string> path = new();
        HashSet<string> onPath = [];
        List<List<string>> cycles = [];
        foreach (string file in _uses.Keys)
        {
            if (!indices.ContainsKey(file))
            {
                Visit(file);
            }
        }
        return [.. cycles.OrderByDescending(cycle => cycle.Count)];

        int Visit(string file)
        {
            int index = indices.Count;
            int low = index;
            indices.Add(file, index);
            path.Push(file);
            onPath.Add(file);
            foreach (string used in _uses[file])
            {
                if (!indices.TryGetValue(used, out int at))
                {
                    low = Math.Min(low, Visit(used));
                }
                else if (onPath.Contains(used))
                {
                    low = Math.Min(low, at);
                }
            }
            if (low == index)
            {
                TakeComponent(file);
            }
            return low;
        }

        // What is on the path from the file on can reach it and is reached by it.
        void TakeComponent(string file)
        {
            List<string> component = [];
            do
            {
                component.Add(path.Pop());
                onPath.Remove(component[^1]);
            }
            while (component[^1] != file);
            if (component.Count > 1)
            {
                component.Sort(StringComparer.Ordinal);
                cycles.Add(component);
            }
        }
    }
}
